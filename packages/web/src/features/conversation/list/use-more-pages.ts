import { useClient } from '@confab/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Failed, useTryAgain } from '../../../lib/use-try-again.ts'

/** An end of what is here. */
type End = 'older' | 'newer'

/**
 * Fetches what is before and after the messages that are here, while one is near.
 *
 * @param extent changes with what is here, so that it is looked again
 * @returns what failed, and how to try again
 */
export function useMorePages(
  room: number,
  { isNearStart, isNearEnd, extent }: { isNearStart: boolean; isNearEnd: boolean; extent: string },
): { failed: End | undefined; retry: () => void } {
  const client = useClient()
  const [failed, setFailed] = useState<Failed & { end: End }>()
  const failures = useRef(0)
  const isLoading = useRef(false)
  const wanted = (isNearStart && 'older') || (isNearEnd && 'newer') || undefined
  useEffect(() => {
    if (extent === '' || !wanted || wanted === failed?.end || isLoading.current) return
    isLoading.current = true
    const load = wanted === 'older' ? client.messages.loadOlder(room) : client.messages.loadNewer(room)
    load
      .then(
        () => {
          failures.current = 0
          setFailed(undefined)
        },
        (cause: unknown) => {
          failures.current += 1
          setFailed({ cause, count: failures.current, end: wanted })
        },
      )
      .finally(() => {
        isLoading.current = false
      })
  }, [client, room, wanted, failed, extent])
  const retry = useCallback(() => setFailed(undefined), [])
  useTryAgain(failed, retry)
  return { failed: failed?.end, retry }
}
