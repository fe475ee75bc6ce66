import { useClient } from '@confab/client/react'
import { useEffect, useRef, useState } from 'react'

/** Which end could not be fetched. */
type Failed = 'older' | 'newer' | undefined

/**
 * Fetches what is before and after the messages that are here, while one is near.
 *
 * @param extent changes with what is here, so that it is looked again
 * @returns what failed, and how to try again
 */
export function useMorePages(
  room: number,
  { isNearStart, isNearEnd, extent }: { isNearStart: boolean; isNearEnd: boolean; extent: string },
): { failed: Failed; retry: () => void } {
  const client = useClient()
  const [failed, setFailed] = useState<Failed>()
  const isLoading = useRef(false)
  const wanted = (isNearStart && 'older') || (isNearEnd && 'newer') || undefined
  useEffect(() => {
    if (extent === '' || !wanted || wanted === failed || isLoading.current) return
    isLoading.current = true
    const load = wanted === 'older' ? client.messages.loadOlder(room) : client.messages.loadNewer(room)
    load
      .then(
        () => setFailed(undefined),
        () => setFailed(wanted),
      )
      .finally(() => {
        isLoading.current = false
      })
  }, [client, room, wanted, failed, extent])
  return { failed, retry: () => setFailed(undefined) }
}
