import { useClient } from '@confab/client/react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button, buttonLook } from '../../ui/Button.tsx'
import { EntryFrame } from './EntryFrame.tsx'

/** An invitation to a group: accepted with an account, or kept while one logs in or signs up. */
export function JoinPage({ shareId, isLoggedIn }: { shareId: string; isLoggedIn: boolean }) {
  const text = useText()
  const client = useClient()
  const navigate = useNavigate()
  const form = useForm([])
  const next = `/join/${encodeURIComponent(shareId)}`
  useDocumentTitle(text('entry.join.title'))

  const join = () =>
    form.submit(async () => {
      const room = await client.api.rooms.joinRoom({ params: { share_id: shareId } })
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id }, replace: true })
    })

  return (
    <EntryFrame title={text('entry.join.title')}>
      <p className="mb-5 text-sm text-muted">{text(isLoggedIn ? 'entry.join.text' : 'entry.join.login_first')}</p>
      <p role="alert" className="mb-4 text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
      <div className="flex flex-col gap-3">
        {isLoggedIn ? (
          <Button kind="primary" size="lg" isBusy={form.isBusy} onClick={() => void join()}>
            {text('entry.join')}
          </Button>
        ) : (
          <>
            <Link to="/login" search={{ next }} className={buttonLook({ kind: 'primary', size: 'lg' })}>
              {text('entry.login')}
            </Link>
            <Link to="/signup" search={{ next }} className={buttonLook({ size: 'lg' })}>
              {text('entry.signup')}
            </Link>
          </>
        )}
      </div>
    </EntryFrame>
  )
}
