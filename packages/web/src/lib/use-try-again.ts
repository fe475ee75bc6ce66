import { ConfabError } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useEffect } from 'react'

/** Why something failed, and how often in a row it has. */
export type Failed = Readonly<{ cause: unknown; count: number }>

const BASE_MS = 1_000
const CAP_MS = 30_000

/**
 * Tries what failed again, where it may succeed later: once there is a connection again, and while there is one after a wait
 * that doubles with every failure in a row. A call may fail without the connection of the socket being lost, and may be known
 * to have failed only after it is back.
 *
 * @param retry the same until there is something else to try
 */
export function useTryAgain(failed: Failed | undefined, retry: () => void): void {
  const client = useClient()
  useEffect(() => {
    if (!(failed?.cause instanceof ConfabError && failed.cause.isRetryable)) return
    const longestMs = Math.min(CAP_MS, BASE_MS * 2 ** failed.count)
    // Not all who failed at the same time at the same time again.
    const waitMs = Math.max((longestMs * (1 + Math.random())) / 2, failed.cause.retryAfterMs ?? 0)
    const timer = setTimeout(() => client.state.status === 'live' && retry(), waitMs)
    const forget = client.on('status', (status) => status === 'live' && retry())
    return () => {
      clearTimeout(timer)
      forget()
    }
  }, [client, failed, retry])
}
