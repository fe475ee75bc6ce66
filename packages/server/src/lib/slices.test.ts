import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mapInSlices } from './slices.ts'

/** Holds the process for some milliseconds, as work does. */
function work(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('what adds up lets others have their turn, and is in order', async () => {
  let turns = 0
  let isDone = false
  const others = (async () => {
    while (!isDone) {
      await setImmediate()
      turns++
    }
  })()

  const turnsAt = await mapInSlices([0, 1, 2, 3], (index) => {
    work(3)
    return { index, turns }
  })
  isDone = true
  await others

  expect(turnsAt.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  expect(turnsAt.at(-1)?.turns).toBeGreaterThanOrEqual(2)
})

test('nothing gives nothing', async () => {
  expect(await mapInSlices([], String)).toEqual([])
})
