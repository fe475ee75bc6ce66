/** How long something took, over many times: milliseconds. */
export type Latency = Readonly<{ p50: number; p99: number; max: number }>

/**
 * The nearest-rank percentile: the smallest value that at least this share of all values does not exceed.
 *
 * @param sorted ascending, not empty
 * @param share above 0, up to 1
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  const value = sorted[rank - 1]
  if (value === undefined) throw new RangeError(`no percentile ${share} of ${sorted.length} values`)
  return value
}

/** The latencies that matter of all that were measured; undefined where nothing was. */
export function summarize(milliseconds: readonly number[]): Latency | undefined {
  if (milliseconds.length === 0) return undefined
  const sorted = Float64Array.from(milliseconds).sort()
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) }
}

/** The middle one of some values, the lower of two. */
export function median(values: readonly number[]): number {
  return percentile(Float64Array.from(values).sort(), 0.5)
}
