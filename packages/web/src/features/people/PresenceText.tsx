import { usePresence } from '@confab/client/react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'

/** Whether somebody is there, or when they were; nothing where that is not known. */
export function PresenceText({ userId }: { userId: number }) {
  const text = useText()
  const { relative } = useFormats()
  const presence = usePresence(userId)
  if (presence?.online_status) return <span className="font-medium text-success">{text('people.online')}</span>
  if (!presence?.last_seen) return null
  return <span>{text('people.last_seen', { when: relative(presence.last_seen) })}</span>
}
