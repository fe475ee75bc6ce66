import { usePresence } from '@confab/client/react'
import type { ReactNode } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'

/** Whether somebody is there, or when they were; where that is not known something else, or nothing. */
export function PresenceText({ userId, fallback = null }: { userId: number; fallback?: ReactNode }) {
  const text = useText()
  const { relative } = useFormats()
  const presence = usePresence(userId)
  if (presence?.online_status) return <span className="font-medium text-success">{text('people.online')}</span>
  if (!presence?.last_seen) return fallback
  return <span>{text('people.last_seen', { when: relative(presence.last_seen) })}</span>
}
