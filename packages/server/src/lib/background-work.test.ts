import { expect, test, vi } from 'vitest'
import { BackgroundWork } from './background-work.ts'

const HOUR = 3_600_000

/** Work of which each run ends when it is told to. */
function heldWork() {
  const runs: PromiseWithResolvers<void>[] = []
  const work = () => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  }
  const failures: unknown[] = []
  return {
    runs,
    failures,
    background: new BackgroundWork(work, { everyMs: HOUR, onFailure: (error) => failures.push(error) }),
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is asked for while it is under way is done once more, however often it was asked for', async () => {
  const { runs, background } = heldWork()
  for (const _ of [1, 2, 3]) background.wake()
  expect(runs).toHaveLength(1)
  runs[0]?.resolve()
  await turn()
  expect(runs).toHaveLength(2)
  runs[1]?.resolve()
  await turn()
  expect(runs).toHaveLength(2)
})

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('what is asked for %d steps after a run has ended is done', async (steps) => {
  const { runs, background } = heldWork()
  background.wake()
  runs[0]?.resolve()
  for (let step = 0; step < steps; step++) await Promise.resolve()
  background.wake()
  await turn()
  expect(runs).toHaveLength(2)
})

test('a failure is told, and the next run is not kept by it', async () => {
  const { runs, failures, background } = heldWork()
  background.wake()
  runs[0]?.reject(new Error('no'))
  await turn()
  expect(failures).toEqual([new Error('no')])
  background.wake()
  expect(runs).toHaveLength(2)
})

test('a stop waits for the run under way, and nothing begins after it', async () => {
  const { runs, background } = heldWork()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  background.start()
  vi.advanceTimersByTime(HOUR)
  const steps: string[] = []
  const stopped = background.stop().then(() => steps.push('stopped'))
  await turn()
  steps.push('ended')
  runs[0]?.resolve()
  await stopped
  background.wake()
  vi.advanceTimersByTime(10 * HOUR)
  vi.useRealTimers()
  expect(steps).toEqual(['ended', 'stopped'])
  expect(runs).toHaveLength(1)
  expect(background.isStopped).toBe(true)
})
