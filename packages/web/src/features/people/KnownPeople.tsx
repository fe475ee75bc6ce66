import { useStatus } from '@confab/client/react'
import { Link, useNavigate } from '@tanstack/react-router'
import { Ban, Inbox, UsersRound } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { usePresenceOrder } from '../../lib/use-presence-order.ts'
import { buttonLook } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import { PersonRow, type RowPerson } from './PersonRow.tsx'
import { PresenceText } from './PresenceText.tsx'
import { RelationButtons } from './RelationButtons.tsx'
import { RequestRow } from './RequestRow.tsx'
import { type KnownPeopleLists, useKnownPeople } from './use-known-people.ts'

export type PeopleTab = 'friends' | 'requests' | 'blocked'

/** Those one has to do with, in three parts. */
export function KnownPeople({ tab }: { tab: PeopleTab }) {
  const text = useText()
  const navigate = useNavigate()
  const status = useStatus()
  const known = useKnownPeople()
  if (!known) {
    if (status !== 'waiting') return <ListSkeleton label={text('people.loading')} />
    return (
      <EmptyState icon={<UsersRound size={26} />} title={text('people.offline.title')}>
        {text('people.offline.text')}
      </EmptyState>
    )
  }
  const { friends, received, sent, blocked } = known
  return (
    <Tabs
      label={text('people.title')}
      value={tab}
      onChange={(chosen) => void navigate({ to: '/people', search: chosen === 'friends' ? {} : { tab: chosen } })}
      tabs={[
        {
          value: 'friends',
          label: text('people.friends'),
          count: friends.length,
          content: <Friends people={friends} />,
        },
        {
          value: 'requests',
          label: text('people.requests'),
          count: received.length,
          content: <Requests received={received} sent={sent} />,
        },
        { value: 'blocked', label: text('people.blocked'), content: <Blocked people={blocked} /> },
      ]}
    />
  )
}

function Friends({ people }: { people: KnownPeopleLists['friends'] }) {
  const text = useText()
  const ordered = usePresenceOrder(people)
  if (people.length === 0) {
    return (
      <EmptyState icon={<UsersRound size={26} />} title={text('people.empty.title')}>
        {text('people.empty.text')}
      </EmptyState>
    )
  }
  return (
    <ul className="p-2">
      {ordered.map((friend) => (
        <PersonRow
          key={friend.id}
          person={friend}
          hasPresence
          detail={<PresenceText userId={friend.id} fallback={<bdi>@{friend.username}</bdi>} />}
        >
          <RelationButtons userId={friend.id} name={displayName(friend)} />
          <PersonMenu userId={friend.id} name={displayName(friend)} />
        </PersonRow>
      ))}
    </ul>
  )
}

function Requests({ received, sent }: Pick<KnownPeopleLists, 'received' | 'sent'>) {
  const text = useText()
  if (received.length + sent.length === 0) {
    return (
      <EmptyState icon={<Inbox size={26} />} title={text('people.requests.none')}>
        {text('people.requests.none.text')}
      </EmptyState>
    )
  }
  const parts = [
    { key: 'received', title: text('people.received'), userIds: received },
    { key: 'sent', title: text('people.sent'), userIds: sent },
  ].filter(({ userIds }) => userIds.length > 0)
  return parts.map(({ key, title, userIds }) => (
    <section key={key} className="p-2">
      <h2 className="px-2.5 py-1 text-sm font-medium text-muted">{title}</h2>
      <ul>
        {userIds.map((userId) => (
          <RequestRow key={userId} userId={userId} />
        ))}
      </ul>
    </section>
  ))
}

function Blocked({ people }: { people: readonly RowPerson[] }) {
  const text = useText()
  if (people.length === 0) {
    return (
      <EmptyState
        icon={<Ban size={26} />}
        title={text('people.blocked.none')}
        action={
          <Link to="/people" className={buttonLook()}>
            {text('people.blocked.back')}
          </Link>
        }
      >
        {text('people.blocked.none.text')}
      </EmptyState>
    )
  }
  return (
    <ul className="p-2">
      {people.map((person) => (
        <PersonRow key={person.id} person={person}>
          <RelationButtons userId={person.id} name={displayName(person)} />
        </PersonRow>
      ))}
    </ul>
  )
}
