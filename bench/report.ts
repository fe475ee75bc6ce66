import type { Latency } from './statistics.ts'

/** What a figure has to keep. */
export type Limit = Readonly<{ atLeast: number } | { atMost: number }>

/** How many cores each part kept busy while it was measured; undefined where it could not be seen. */
export type Cores = Readonly<{ server: number | undefined; database: number | undefined; generator: number }>

/** One row of the table: what was measured, beside the same for its baseline. */
export type Result = Readonly<{
  name: string
  unit: string
  value: number
  limit?: Limit | undefined
  /** The same figure of the baseline, measured in the same run. */
  baseline?: number | undefined
  /** What the value divided by the baseline has to keep. */
  ratioLimit?: Limit | undefined
  latency?: Latency | undefined
  baselineLatency?: Latency | undefined
  cores?: Cores | undefined
  baselineCores?: Cores | undefined
  note?: string | undefined
}>

/** The value as a share of the baseline; undefined without one. */
export function ratioOf({ value, baseline }: Result): number | undefined {
  return baseline === undefined ? undefined : value / baseline
}

/** Whether every target of the row is met; undefined where it has none. */
export function isMet(result: Result): boolean | undefined {
  const ratio = ratioOf(result)
  const kept = [
    ...(result.limit ? [keeps(result.value, result.limit)] : []),
    ...(result.ratioLimit && ratio !== undefined ? [keeps(ratio, result.ratioLimit)] : []),
  ]
  return kept.length === 0 ? undefined : kept.every(Boolean)
}

function keeps(value: number, limit: Limit): boolean {
  return 'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost
}

const headings = ['row', 'value', 'unit', 'p50 ms', 'p99 ms', 'baseline', 'ratio', 'target', '', 'cores s/d/g', 'note']
/** Columns of words stand left, columns of figures right. */
const wordColumns: ReadonlySet<number> = new Set([0, 2, 7, 8, 9, 10])

/** The rows as text. A row that misses its target says MISSED. */
export function toTable(results: readonly Result[]): string {
  const lines = [headings, ...results.map(toCells)]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, column, widths))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0
  return wordColumns.has(column) ? cell.padEnd(width) : cell.padStart(width)
}

function toCells(result: Result): string[] {
  const { latency, cores } = result
  return [
    result.name,
    format(result.value),
    result.unit,
    format(latency?.p50),
    format(latency?.p99),
    format(result.baseline),
    format(ratioOf(result)),
    [toTarget('', result.limit), toTarget('ratio ', result.ratioLimit)].filter(Boolean).join(', '),
    { true: 'met', false: 'MISSED', undefined: '' }[`${isMet(result)}`],
    cores ? [cores.server, cores.database, cores.generator].map((share) => share?.toFixed(2) ?? '-').join(' / ') : '',
    result.note ?? '',
  ]
}

function toTarget(what: string, limit: Limit | undefined): string {
  if (!limit) return ''
  return 'atLeast' in limit ? `${what}>= ${format(limit.atLeast)}` : `${what}<= ${format(limit.atMost)}`
}

/** Three digits, or all before the point. */
function format(value: number | undefined): string {
  if (value === undefined) return ''
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits })
}
