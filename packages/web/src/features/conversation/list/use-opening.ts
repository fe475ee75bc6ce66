import { useClient } from '@confab/client/react'
import { useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useErrorText } from '../../../lib/i18n/use-error-text.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { type Failed, useTryAgain } from '../../../lib/use-try-again.ts'
import { showToast } from '../../../ui/toasts.ts'
import { findOpening, type Opening, openingNow, type Place, placeOf } from './opening.ts'

/** Where the list is to be: `place` is another object whenever it is to go there. */
export type Places = Readonly<{
  opening: Opening | undefined
  place: Place | undefined
  error: unknown
  retry: () => void
  go: (place: Place) => void
}>

/** Opens a conversation, and goes on to every message that the address asks for, each time it does. */
export function usePlaces(room: number, messageId: number | undefined): Places {
  const client = useClient()
  const text = useText()
  const errorText = useErrorText()
  // Of the address that is shown, as the message is: the one that is on its way has another message.
  const resolved = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.state.__TSR_key })
  const visit = messageId === undefined ? undefined : resolved
  const [opening, setOpening] = useState(() => (messageId === undefined ? openingNow(client.state, room) : undefined))
  const [place, go] = useState(opening?.place)
  const [failed, setFailed] = useState<Failed>()
  const [attempt, setAttempt] = useState(0)
  const isOpen = useRef(opening !== undefined)
  const shown = useRef<string>(undefined)
  const failures = useRef(0)

  useEffect(() => {
    const wanted = `${messageId} ${visit} ${attempt}`
    if (messageId === undefined ? isOpen.current : shown.current === wanted) return
    let isWanted = true
    const tellMissing = () => showToast({ title: text('conversation.message.missing') })
    const show = async () => {
      if (!isOpen.current || messageId === undefined) {
        const found = await findOpening(client, room, messageId)
        if (!isWanted) return
        if (found.isMissing) tellMissing()
        isOpen.current = true
        setOpening(found)
        go(found.place)
      } else if (await client.messages.showMessage(room, messageId)) {
        if (isWanted) go(placeOf(messageId))
      } else if (isWanted) {
        tellMissing()
      }
      shown.current = wanted
      failures.current = 0
    }
    const onFailure = (cause: unknown) => {
      if (!isWanted) return
      failures.current += 1
      // Instead of a conversation that is not open yet it says so, and what it says without a connection is there already.
      if (isOpen.current && failures.current === 1 && client.state.status === 'live') {
        showToast({ title: errorText(cause), tone: 'danger' })
      }
      setFailed({ cause, count: failures.current })
    }
    setFailed(undefined)
    show().catch(onFailure)
    return () => {
      isWanted = false
    }
  }, [client, room, messageId, visit, attempt, text, errorText])

  const retry = useCallback(() => setAttempt((before) => before + 1), [])
  useTryAgain(failed, retry)
  return { opening, place, error: failed?.cause, retry, go }
}
