import { ConfabError, type Message } from '@confab/client'
import { useChat, useClient } from '@confab/client/react'
import { useEffect, useState } from 'react'
import { useDraft } from '../../../lib/drafts.ts'
import { useErrorText } from '../../../lib/i18n/use-error-text.ts'
import { showToast } from '../../../ui/toasts.ts'
import { stopEditing, useEditing } from '../editing.ts'
import { clearAttachments, useAttachments } from './attachments.ts'

/** What is written in a room, and what becomes of it. */
export function useWriting(room: number) {
  const client = useClient()
  const errorText = useErrorText()
  const [draft, setDraft] = useDraft(room)
  const editing = useEditing(room)
  const [edited, setEdited] = useState<{ message: Message; text: string }>()
  const [isSaving, setIsSaving] = useState(false)
  const attachments = useAttachments(room)
  const maxLength = useChat(({ limits }) => limits?.message_chars)

  const text = editing ? (edited?.message === editing ? edited.text : editing.content) : draft
  const length = text.trim().length
  const isTooLong = maxLength !== undefined && length > maxLength
  const images = attachments.flatMap(({ image, imageSize }) =>
    image ? [{ image, ...(imageSize && { imageSize }) }] : [],
  )
  const isPreparing = attachments.some(({ image, problem }) => !image && !problem)
  const hasContent = editing ? length > 0 || editing.image !== null : length > 0 || images.length > 0
  const canSend = hasContent && !isTooLong && !isPreparing && !isSaving

  // What was changed and given up is not there when it is edited again.
  useEffect(() => {
    if (!editing) setEdited(undefined)
  }, [editing])
  // Whoever leaves the room does not type in it any more.
  useEffect(() => () => client.typing.stop(room), [client, room])

  const write = (next: string) => {
    if (editing) {
      setEdited({ message: editing, text: next })
      return
    }
    setDraft(next)
    if (next.trim()) client.typing.start(room)
    else client.typing.stop(room)
  }

  const save = async (message: Message) => {
    const content = text.trim()
    if (content === message.content) return stopEditing()
    setIsSaving(true)
    try {
      await client.api.messages.editMessage({ params: { room, id: message.id }, body: { content } })
      stopEditing()
    } catch (cause) {
      showToast({ title: errorText(cause), tone: 'danger' })
      // It was deleted meanwhile: there is nothing left to edit.
      if (cause instanceof ConfabError && cause.status === 404) stopEditing()
    } finally {
      setIsSaving(false)
    }
  }

  /** Several images are several messages, and the text stands under the last. */
  const send = () => {
    if (!canSend) return
    if (editing) return void save(editing)
    const content = draft.trim()
    const last = images.at(-1)
    for (const image of images.slice(0, -1)) client.send(room, image)
    client.send(room, last ? { content, ...last } : content)
    setDraft('')
    client.typing.stop(room)
    clearAttachments(room)
  }
  return { text, write, send, canSend, isSaving, editing, attachments, length, maxLength, isTooLong }
}
