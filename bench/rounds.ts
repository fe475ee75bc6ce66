import type { Measured } from './measure.ts'
import { nth } from './subject.ts'

/** Something and its baseline, measured one after the other. */
export type Pair = Readonly<{ measured: Measured; baseline: Measured }>

/**
 * Of several rounds the pair whose ratio is the median; of an even number the lower one. What is measured in turn has the
 * machine as it is; that changes even so: one that shares its host was seen to become twice as fast from one row to the
 * next.
 *
 * @param figureOf what is compared; how much was done in a second, where nothing else is said
 */
export function middleOf<P extends Pair>(pairs: readonly P[], figureOf: (one: Measured) => number = perSecond): P {
  const ratioOf = ({ measured, baseline }: Pair) => figureOf(measured) / figureOf(baseline)
  const sorted = pairs.toSorted((one, other) => ratioOf(one) - ratioOf(other))
  return nth(sorted, Math.ceil(sorted.length / 2) - 1)
}

function perSecond({ count, seconds }: Measured): number {
  return count / seconds
}
