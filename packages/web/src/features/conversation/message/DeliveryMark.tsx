import type { Message, SendStatus } from '@confab/client'
import { useDelivery } from '@confab/client/react'
import { Check, CheckCheck, CircleAlert, Clock3, type LucideIcon } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'

type Look = { Icon: LucideIcon; label: string; tone: string }

/** What became of a message of one's own that is in the room. */
export function DeliveryMark({ message }: { message: Message }) {
  return <StateMark state={useDelivery(message)} />
}

/** Where a message is on its way, as a sign and, for screen readers, in a word. */
export function StateMark({ state }: { state: SendStatus | 'delivered' | 'read' }) {
  const text = useText()
  const looks: Record<typeof state, Look> = {
    queued: { Icon: Clock3, label: text('conversation.state.queued'), tone: '' },
    sending: { Icon: Clock3, label: text('conversation.state.sending'), tone: '' },
    sent: { Icon: Check, label: text('conversation.state.sent'), tone: '' },
    delivered: { Icon: CheckCheck, label: text('conversation.state.delivered'), tone: '' },
    read: { Icon: CheckCheck, label: text('conversation.state.read'), tone: 'text-accent-ink' },
    failed: { Icon: CircleAlert, label: text('conversation.state.failed'), tone: 'text-danger-ink' },
  }
  const { Icon, label, tone } = looks[state]
  return (
    <span data-tooltip={label} data-tooltip-side="top" className={tone}>
      <Icon size={14} aria-hidden />
      <span className="sr-only">{label}</span>
    </span>
  )
}
