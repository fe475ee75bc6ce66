import type { Message } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useState } from 'react'

/** How far an image has come. */
export type ImageState = 'loading' | 'loaded' | 'failed'

/**
 * The addresses of a message's image, and how far it has come. They work for some hours only: to try again is to ask the
 * server for new ones.
 */
export function useFreshImage(message: Message) {
  const client = useClient()
  const [fresh, setFresh] = useState<Message>()
  const [state, setState] = useState<ImageState>('loading')
  const [attempt, setAttempt] = useState(0)
  const isCurrent = fresh?.id === message.id
  const { image, thumbnail } = isCurrent ? fresh : message

  const retry = () => {
    setState('loading')
    client.api.messages
      .getMessage({ params: { room: message.room, id: message.id } })
      .then((found) => {
        setFresh(found)
        setAttempt((count) => count + 1)
      })
      .catch(() => setState('failed'))
  }
  return {
    image,
    thumbnail,
    state,
    attempt,
    onLoad: () => setState('loaded'),
    onError: () => setState('failed'),
    retry,
  }
}
