import { useClient } from '@confab/client/react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, MessageSquare, UserPlus } from 'lucide-react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'

/** Somebody's profile, and what one can do: write to them, become friends. */
export function PersonPage({ userId }: { userId: number }) {
  const text = useText()
  const { api } = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const form = useForm([])
  const user = useQuery({ queryKey: ['user', userId], queryFn: () => api.people.getUser({ params: { id: userId } }) })
  const name = user.data ? `${user.data.first_name} ${user.data.last_name}`.trim() || user.data.username : ''
  useDocumentTitle(name || undefined)

  const write = () =>
    form.submit(async () => {
      const room = await api.rooms.createRoom({ body: { participant_ids: [userId] } })
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
    })
  const ask = () =>
    form.submit(async () => {
      await api.people.createFriendRequest({ body: { to_user: userId } })
      await queries.invalidateQueries({ queryKey: ['user', userId] })
    })

  return (
    <>
      <PanelHeader
        leading={
          <Link to="/people" aria-label={text('people.back')} className={iconButtonLook()}>
            <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
          </Link>
        }
        title={name}
      />
      {user.isPending ? <ListSkeleton label={text('people.loading')} rows={1} /> : null}
      {user.error ? <ErrorState error={user.error} onRetry={() => void user.refetch()} /> : null}
      {user.data ? (
        <div className="mx-auto flex w-full max-w-md flex-col items-center gap-4 p-8 text-center">
          <Avatar name={name} image={user.data.profile_pic} size="xl" />
          <p className="text-sm text-muted">@{user.data.username}</p>
          {user.data.bio ? <p className="wrap-anywhere">{user.data.bio}</p> : null}
          <p role="alert" className="text-sm text-danger-ink empty:hidden">
            {form.failure}
          </p>
          <div className="flex flex-wrap justify-center gap-3">
            <Button kind="primary" icon={<MessageSquare size={18} aria-hidden />} onClick={() => void write()}>
              {text('people.write')}
            </Button>
            {user.data.friendship_status === null ? (
              <Button icon={<UserPlus size={18} aria-hidden />} onClick={() => void ask()}>
                {text('people.add')}
              </Button>
            ) : null}
          </div>
          {user.data.friendship_status === 'request_sent' ? (
            <p className="text-sm text-muted">{text('people.asked')}</p>
          ) : null}
        </div>
      ) : null}
    </>
  )
}
