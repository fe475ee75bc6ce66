import { useChat } from '@confab/client/react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { showToast } from '../../../ui/toasts.ts'
import { addAttachments, MAX_ATTACHMENTS } from './attachments.ts'

/** A megabyte, as the server counts. */
const MB = 1024 * 1024

/** What the server takes where it has not said yet. In megabytes. */
const USUAL_MB = 10

/** Adds what was picked, pasted or dropped to the next message, and says what cannot be. */
export function useAddImages(room: number): (files: readonly File[]) => void {
  const text = useText()
  const megabytes = useChat(({ limits }) => limits?.upload_mb ?? USUAL_MB)
  return (files) => {
    const images = files.filter(({ type }) => type.startsWith('image/'))
    const leftOut = addAttachments(room, images, megabytes * MB)
    if (images.length < files.length) showToast({ title: text('composer.attachment.no_image'), tone: 'danger' })
    if (leftOut > 0) {
      showToast({ title: text('composer.attachment.too_many', { count: MAX_ATTACHMENTS }), tone: 'danger' })
    }
  }
}
