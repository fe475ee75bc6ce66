import type { User } from '@confab/client'
import { useMe, usePeople, usePresence } from '@confab/client/react'
import { Check, MessageSquare, UserPlus, UserRoundCheck } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { AvatarStack } from '../../ui/AvatarStack.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import { PresenceText } from './PresenceText.tsx'
import { nameOf, usePerson } from './use-person.ts'
import { useRelation, useRelationActions } from './use-relations.ts'
import { useStartConversation } from './use-start-conversation.ts'

export type PersonCardProps = {
  userId: number
  /** Whether one is talking with them already, so that nothing leads there. */
  isInConversation?: boolean
}

/** Who somebody is, and what one can do with them. */
export function PersonCard({ userId, isInConversation = false }: PersonCardProps) {
  const text = useText()
  const person = usePerson(userId)
  const presence = usePresence(userId)
  if (person.error && !person.data) {
    return <ErrorState error={person.error} onRetry={() => void person.refetch()} />
  }
  if (!person.data) return <CardSkeleton label={text('people.loading')} />
  const { data: user } = person
  const name = nameOf(user)
  return (
    <div className="flex flex-col items-center gap-4 px-6 pt-8 pb-5 text-center">
      <Avatar name={name} image={user.profile_pic} size="xl" isOnline={presence?.online_status} />
      <div className="w-full min-w-0">
        <p dir="auto" className="text-xl font-semibold wrap-anywhere">
          {name}
        </p>
        <p className="mt-0.5 text-sm text-muted wrap-anywhere">
          <bdi>@{user.username}</bdi>
        </p>
        <p className="mt-1 min-h-5 text-sm text-muted">
          <PresenceText userId={userId} />
        </p>
      </div>
      {user.bio ? (
        <p dir="auto" className="w-full rounded-lg bg-sunken px-4 py-3 text-sm whitespace-pre-line wrap-anywhere">
          {user.bio}
        </p>
      ) : null}
      <CardActions user={user} name={name} isInConversation={isInConversation} />
      {user.email ? (
        <a href={`mailto:${user.email}`} className="text-sm text-accent-ink underline wrap-anywhere">
          {user.email}
        </a>
      ) : null}
      <MutualFriends user={user} />
    </div>
  )
}

function CardActions({ user, name, isInConversation }: { user: User; name: string; isInConversation: boolean }) {
  const text = useText()
  const relation = useRelation(user.id)
  const actions = useRelationActions()
  const { start, isStarting } = useStartConversation()
  if (relation === 'oneself') return null
  return (
    <div className="flex flex-wrap items-center justify-center gap-2">
      <KeptFocus key={relation}>
        {isInConversation || relation === 'blocked' ? null : (
          <Button
            kind={relation === 'asks' ? 'secondary' : 'primary'}
            icon={<MessageSquare size={18} aria-hidden />}
            isBusy={isStarting}
            onClick={() => void start(user.id)}
          >
            {text('people.write')}
          </Button>
        )}
        {relation === 'stranger' ? (
          <Button icon={<UserPlus size={18} aria-hidden />} onClick={() => void actions.ask(user.id)}>
            {text('people.add')}
          </Button>
        ) : null}
        {relation === 'asked' ? (
          <Button onClick={() => void actions.cancel(user.id)}>{text('people.cancel')}</Button>
        ) : null}
        {relation === 'asks' ? (
          <>
            <Button kind="primary" icon={<Check size={18} aria-hidden />} onClick={() => void actions.accept(user.id)}>
              {text('people.accept')}
            </Button>
            <Button onClick={() => void actions.reject(user.id)}>{text('people.reject')}</Button>
          </>
        ) : null}
        {relation === 'blocked' ? (
          <Button icon={<UserRoundCheck size={18} aria-hidden />} onClick={() => void actions.unblock(user.id)}>
            {text('people.unblock')}
          </Button>
        ) : (
          <PersonMenu userId={user.id} name={name} hasLabel={isInConversation && relation === 'friend'} />
        )}
      </KeptFocus>
      <RelationWords relation={relation} />
    </div>
  )
}

function RelationWords({ relation }: { relation: ReturnType<typeof useRelation> }) {
  const text = useText()
  const words = {
    friend: text('people.is_friend'),
    asked: text('people.asked'),
    asks: text('people.asks'),
    blocked: text('people.is_blocked'),
    stranger: '',
    oneself: '',
  }[relation]
  return (
    <p role="status" className="w-full text-sm text-muted empty:hidden">
      {words}
    </p>
  )
}

/** Friends whom both have; known of friends only. */
function MutualFriends({ user }: { user: User }) {
  const text = useText()
  const me = useMe()?.id
  const mutual = usePeople().friends.filter(({ id }) => id !== me && user.friends.includes(id))
  if (mutual.length === 0) return null
  return (
    <p className="flex items-center gap-2 text-sm text-muted">
      <AvatarStack people={mutual.map((one) => ({ id: one.id, name: displayName(one), image: one.profile_pic }))} />
      {text('people.mutual', { count: mutual.length })}
    </p>
  )
}

function CardSkeleton({ label }: { label: string }) {
  return (
    <div role="status" className="flex flex-col items-center gap-4 px-6 pt-8 pb-5">
      <span className="sr-only">{label}</span>
      <Skeleton className="size-28 rounded-full" />
      <Skeleton className="h-6 w-40" />
      <Skeleton className="h-4 w-24" />
      <Skeleton className="h-10 w-56" />
    </div>
  )
}
