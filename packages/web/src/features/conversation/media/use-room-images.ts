import type { Message } from '@confab/client'
import { useChat, useClient } from '@confab/client/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

/** The images of a room, as far as they are here. */
export type RoomImages = Readonly<{
  /** Oldest first. */
  images: readonly Message[]
  hasOlder: boolean
  isLoading: boolean
  error: unknown
  /** Fetches older ones; also after an error. */
  loadOlder: () => Promise<void>
}>

/**
 * All images of a room: those among the messages that are here at once, the others page by page, newest first, until the
 * one that is looked at is among them.
 */
export function useRoomImages(room: number, wanted: number): RoomImages {
  const client = useClient()
  const window = useChat((state) => state.windows[room]?.messages)
  const [fetched, setFetched] = useState<readonly Message[]>([])
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set())
  const [hasOlder, setHasOlder] = useState(true)
  const [isLoading, setIsLoading] = useState(false)
  const [error, setError] = useState<unknown>()
  const pages = useRef<AsyncGenerator<readonly Message[]>>(undefined)
  const isBusy = useRef(false)

  const loadOlder = useCallback(async () => {
    if (isBusy.current) return
    isBusy.current = true
    setIsLoading(true)
    setError(undefined)
    try {
      pages.current ??= client.rooms.images(room)
      const { value, done } = await pages.current.next()
      if (done) setHasOlder(false)
      else setFetched((known) => [...known, ...value])
    } catch (cause) {
      // A generator that failed is at its end: another begins anew, and what comes twice is dropped below.
      pages.current = undefined
      setError(cause)
    } finally {
      isBusy.current = false
      setIsLoading(false)
    }
  }, [client, room])

  useEffect(
    () =>
      client.on('message.deleted', ({ message_id: id }) => {
        setGone((known) => new Set(known).add(id))
      }),
    [client],
  )

  const images = useMemo(() => {
    const byId = new Map<number, Message>()
    for (const message of [...fetched, ...(window ?? [])]) {
      if (message.image !== null && !gone.has(message.id)) byId.set(message.id, message)
    }
    return [...byId.values()].sort((one, other) => one.id - other.id)
  }, [fetched, window, gone])

  const isOldest = images[0]?.id === undefined || images[0].id >= wanted
  const isMissing = !fetched.some(({ id }) => id === wanted)
  useEffect(() => {
    if (hasOlder && !isLoading && error === undefined && (isMissing || isOldest)) void loadOlder()
  }, [hasOlder, isLoading, error, isMissing, isOldest, loadOlder])
  return { images, hasOlder, isLoading, error, loadOlder }
}
