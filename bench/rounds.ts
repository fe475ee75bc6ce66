import type { Measured } from './measure.ts'
import { median } from './statistics.ts'

/** Something and its baseline, measured one after the other. */
export type Pair = Readonly<{ measured: Measured; baseline: Measured }>

/**
 * Of several rounds, an odd number, the pair whose ratio is the median. What is measured in turn has the machine as it is;
 * that changes even so: one that shares its host was seen to become twice as fast from one row to the next.
 */
export function middleOf(pairs: readonly Pair[]): Pair {
  const middle = median(pairs.map(ratioOf))
  const found = pairs.find((pair) => ratioOf(pair) === middle)
  if (!found) throw new Error('expected an odd number of rounds')
  return found
}

function ratioOf({ measured, baseline }: Pair): number {
  return measured.count / measured.seconds / (baseline.count / baseline.seconds)
}
