/** For tests of what servers tell each other. */
import type { TestServer } from '@confab/testkit/server'
import { onTestFinished, vi } from 'vitest'

/**
 * From now on these servers do not look into the log by themselves: what one hears of another has come by the bus. To be
 * called in a test, with which it ends.
 *
 * @returns what ends it before that
 */
export function leaveOnlyTheBus(...servers: readonly TestServer[]): () => void {
  const checks = servers.map(({ core }) => vi.spyOn(core.services.realtime.hub, 'checkPositions').mockResolvedValue())
  const end = () => {
    for (const check of checks) check.mockRestore()
  }
  onTestFinished(end)
  return end
}

/**
 * Starts servers that do nothing by themselves from time to time, such as to look into the log or whether sessions have
 * ended: what they come to know they are told.
 */
export async function withoutIntervals<T>(start: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  try {
    return await start()
  } finally {
    vi.useRealTimers()
  }
}
