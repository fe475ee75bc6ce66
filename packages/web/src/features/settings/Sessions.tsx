import type { Session } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { showToast } from '../../ui/toasts.ts'
import { useAttempt } from '../../ui/use-attempt.ts'
import { readUserAgent } from './user-agent.ts'

const queryKey = ['sessions']

/** Where one is logged in; this device first. */
export function Sessions() {
  const text = useText()
  const { api } = useClient()
  const sessions = useQuery({ queryKey, queryFn: () => api.accounts.listSessions() })
  if (sessions.error) return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
  if (!sessions.data) return <ListSkeleton label={text('settings.loading')} rows={2} />
  const here = sessions.data.filter((one) => one.is_current)
  const others = sessions.data.filter((one) => !one.is_current)
  return (
    <>
      <ul className="flex flex-col gap-3">
        {[...here, ...others].map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {others.length > 0 ? <EndOthers count={others.length} /> : null}
    </>
  )
}

function SessionRow({ session }: { session: Session }) {
  const text = useText()
  const { api } = useClient()
  const { relative, exact } = useFormats()
  const attempt = useAttempt()
  const queries = useQueryClient()
  const device = readUserAgent(session.user_agent)
  const Icon = device.isPhone ? Smartphone : Monitor
  const name = [device.browser, device.system].filter(Boolean).join(' · ') || text('settings.sessions.unknown')
  const end = async () => {
    const before = queries.getQueryData<readonly Session[]>(queryKey)
    // Shown as ended at once; where it fails the list is as it was.
    queries.setQueryData<readonly Session[]>(queryKey, (all) => all?.filter(({ id }) => id !== session.id))
    const isEnded = await attempt(() => api.accounts.endSession({ params: { id: session.id } }))
    if (!isEnded) queries.setQueryData(queryKey, before)
  }
  return (
    <li className="flex items-center gap-3">
      <span aria-hidden className="grid size-10 shrink-0 place-items-center rounded-md bg-sunken text-muted">
        <Icon size={20} />
      </span>
      <div className="min-w-0 grow">
        <p className="truncate text-sm font-medium text-ink">
          <bdi>{name}</bdi>
        </p>
        <p className="truncate text-xs text-muted">
          {session.is_current ? (
            <span className="font-medium text-accent-ink">{text('settings.sessions.here')}</span>
          ) : (
            <time dateTime={session.last_used_at} title={exact(session.last_used_at)}>
              {relative(session.last_used_at)}
            </time>
          )}
          {' · '}
          <bdi>{session.address}</bdi>
        </p>
      </div>
      {session.is_current ? null : (
        <KeptFocus>
          <Button size="sm" aria-label={text('settings.sessions.end_named', { name })} onClick={() => void end()}>
            {text('settings.sessions.end')}
          </Button>
        </KeptFocus>
      )}
    </li>
  )
}

function EndOthers({ count }: { count: number }) {
  const text = useText()
  const { api } = useClient()
  const queries = useQueryClient()
  const [isAsked, setIsAsked] = useState(false)
  const end = async () => {
    await api.accounts.endOtherSessions()
    queries.setQueryData<readonly Session[]>(queryKey, (all) => all?.filter((one) => one.is_current))
    showToast({ title: text('settings.sessions.ended', { count }) })
  }
  return (
    <KeptFocus>
      <Button className="self-start" onClick={() => setIsAsked(true)}>
        {text('settings.sessions.end_others')}
      </Button>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        title={text('settings.sessions.end_others.title')}
        description={text('settings.sessions.end_others.text', { count })}
        action={text('settings.sessions.end_others')}
        isDangerous
        onConfirm={end}
      />
    </KeptFocus>
  )
}
