import { useClient } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useEffectEvent } from 'react'
import { useErrorText } from '../../../lib/i18n/use-error-text.ts'
import { showToast } from '../../../ui/toasts.ts'
import type { Place } from './opening.ts'
import type { ConversationView } from './use-conversation.ts'

/** Ways to another part of the conversation. Where it cannot be fetched that is told, and one stays where one is. */
export function useJumps(roomId: number, { hasNewer, outbox }: ConversationView, go: (place: Place) => void) {
  const client = useClient()
  const navigate = useNavigate()
  const errorText = useErrorText()

  const goToLatest = useCallback(() => {
    const jump = async () => {
      await client.messages.showNewest(roomId)
      go({ kind: 'end' })
    }
    // The message that the address asks for is not what one looks at any more.
    void navigate({ to: '.', search: (search) => ({ ...search, message: undefined }), replace: true })
    jump().catch((error: unknown) => showToast({ title: errorText(error), tone: 'danger' }))
  }, [client, roomId, go, navigate, errorText])

  const goToDate = useCallback(
    (date: Date) => {
      const jump = async () => {
        const id = await client.messages.showDate(roomId, date)
        go(id === undefined ? { kind: 'end' } : { kind: 'message', id, align: 'start', isMarked: false })
      }
      jump().catch((error: unknown) => showToast({ title: errorText(error), tone: 'danger' }))
    },
    [client, roomId, go, errorText],
  )

  // Whoever sends something wants to see it, wherever they were reading.
  const sent = outbox.at(-1)?.clientId
  const onSend = useEffectEvent(() => {
    if (hasNewer) goToLatest()
    else go({ kind: 'end' })
  })
  useEffect(() => {
    if (sent !== undefined) onSend()
  }, [sent])
  return { goToLatest, goToDate }
}
