import { ConfabError } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Link2Off } from 'lucide-react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button, buttonLook } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { EntryFrame } from './EntryFrame.tsx'

/** An invitation to a group: accepted with an account, or kept while one logs in or signs up. */
export function JoinPage({ shareId, isLoggedIn }: { shareId: string; isLoggedIn: boolean }) {
  const text = useText()
  const { api } = useClient()
  const found = useQuery({
    queryKey: ['invitation', shareId],
    queryFn: ({ signal }) => api.rooms.getInvitation({ params: { share_id: shareId }, signal }),
  })
  const group = found.data
  useDocumentTitle(group?.chat_name ?? text('entry.join.title'))
  const isVoid = found.error instanceof ConfabError && found.error.status === 404
  if (isVoid) return <VoidInvitation />
  return (
    <EntryFrame title={text('entry.join.title')} lead={text(isLoggedIn ? 'entry.join.text' : 'entry.join.login_first')}>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <>
          <div className="mb-6 flex items-center gap-4 rounded-xl border border-line bg-canvas p-4">
            {group ? (
              <>
                <Avatar name={group.chat_name} image={group.group_image} size="lg" isGroup />
                <div className="min-w-0">
                  <h2 dir="auto" className="truncate match-parent text-lg font-semibold text-ink">
                    {group.chat_name}
                  </h2>
                  <p className="text-sm text-muted">{text('entry.join.members', { count: group.member_count })}</p>
                </div>
              </>
            ) : (
              <>
                <Skeleton className="size-16 rounded-full" />
                <div className="flex h-13 grow flex-col justify-center gap-2.5">
                  <Skeleton className="h-5 w-2/3" />
                  <Skeleton className="h-3.5 w-1/3" />
                </div>
              </>
            )}
          </div>
          <JoinActions shareId={shareId} isLoggedIn={isLoggedIn} />
        </>
      )}
    </EntryFrame>
  )
}

function JoinActions({ shareId, isLoggedIn }: { shareId: string; isLoggedIn: boolean }) {
  const text = useText()
  const { api } = useClient()
  const navigate = useNavigate()
  const form = useForm([])
  const next = `/join/${encodeURIComponent(shareId)}`
  const join = () =>
    form.submit(async () => {
      const room = await api.rooms.joinRoom({ params: { share_id: shareId } })
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id }, replace: true })
    })
  return (
    <div className="flex flex-col gap-3">
      <p role="alert" className="text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
      {isLoggedIn ? (
        <>
          <Button kind="primary" size="lg" isBusy={form.isBusy} onClick={() => void join()}>
            {text('entry.join')}
          </Button>
          <Link to="/" className={buttonLook({ kind: 'ghost', size: 'lg' })}>
            {text('entry.join.not_now')}
          </Link>
        </>
      ) : (
        <>
          <Link to="/signup" search={{ next }} className={buttonLook({ kind: 'primary', size: 'lg' })}>
            {text('entry.signup')}
          </Link>
          <Link to="/login" search={{ next }} className={buttonLook({ size: 'lg' })}>
            {text('entry.login')}
          </Link>
        </>
      )}
    </div>
  )
}

/** A link that was renewed or disabled, or never was one. */
function VoidInvitation() {
  const text = useText()
  return (
    <main className="grid h-full place-items-center bg-canvas">
      <EmptyState
        level="h1"
        icon={<Link2Off size={26} />}
        title={text('entry.join.void')}
        action={
          <Link to="/" className={buttonLook({ kind: 'primary' })}>
            {text('entry.join.home')}
          </Link>
        }
      >
        {text('entry.join.void.text')}
      </EmptyState>
    </main>
  )
}
