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

/**
 * How much `y` grows with `x`: the slope of the line through the points with the least squares.
 *
 * @throws RangeError where there are not two different `x`
 */
export function slope(points: readonly Readonly<{ x: number; y: number }>[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map((point) => point.x))
  const y = mean(points.map((point) => point.y))
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
  if (!(spread > 0)) throw new RangeError('a slope needs two points that lie apart')
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread
}
