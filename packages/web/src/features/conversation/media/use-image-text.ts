import type { Message } from '@confab/client'
import { useChat } from '@confab/client/react'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { displayName } from '../../../lib/names.ts'

/** Longer captions are cut for those who hear them. In characters. */
const MAX_ALT = 150

/** Who sent an image, as they are called in its room, and what it is called for those who do not see it. */
export function useImageText(message: Message): Readonly<{ name: string; alt: string }> {
  const text = useText()
  const { exact } = useFormats()
  const sender = useChat(({ details }) =>
    details[message.room]?.participants.find(({ id }) => id === message.sender.id),
  )
  const name = displayName(sender ?? message.sender)
  const caption = message.content.slice(0, MAX_ALT)
  const alt = caption
    ? text('media.alt.caption', { name, caption })
    : text('media.alt', { name, time: exact(message.timestamp) })
  return { name, alt }
}
