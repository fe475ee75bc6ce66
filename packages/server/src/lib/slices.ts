import { setImmediate } from 'node:timers/promises'

/** Work on the event loop for longer than this is felt by those whose requests wait. */
const SLICE_MS = 2

/**
 * Maps like `Array.map`, for work that adds up: whenever it has taken two milliseconds, what else is waiting for this
 * process has its turn.
 */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  let until = performance.now() + SLICE_MS
  for (const item of items) {
    if (performance.now() >= until) {
      await setImmediate()
      until = performance.now() + SLICE_MS
    }
    results.push(map(item))
  }
  return results
}
