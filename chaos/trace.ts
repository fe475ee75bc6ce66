/** One thing that happened, in milliseconds since the run began. */
type Entry = Readonly<{ atMs: number; text: string }>

/** What must not be. */
export type Violation = Readonly<{ atMs: number; what: string; around: readonly string[] }>

/** Entries kept of each subject: enough to see what led to a violation. */
const KEPT = 300

/** Entries that a violation is told with. */
const TOLD = 60

/** Violations that are told in full; more of them only count. */
const MAX_TOLD = 50

/** What happened lately, by subject (a topic, the faults), and what was found to be wrong. */
export class Trace {
  readonly #startedAt = performance.now()
  readonly #rings = new Map<string, Entry[]>()
  readonly #counts = new Map<string, number>()
  readonly violations: Violation[] = []
  readonly #tell: (line: string) => void
  #violationCount = 0

  /** @param tell is given each violation when it is found */
  constructor(tell: (line: string) => void) {
    this.#tell = tell
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return Math.round(performance.now() - this.#startedAt)
  }

  get violationCount(): number {
    return this.#violationCount
  }

  /** Notes what happened to a subject. */
  note(subject: string, text: string): void {
    let ring = this.#rings.get(subject)
    if (!ring) {
      ring = []
      this.#rings.set(subject, ring)
    }
    ring.push({ atMs: this.nowMs, text })
    if (ring.length > KEPT) ring.splice(0, KEPT / 2)
  }

  /** Counts something for the report. */
  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by)
  }

  counted(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  /** Everything counted under names that begin so. */
  listCounts(prefix: string): [name: string, count: number][] {
    return [...this.#counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .sort(([one], [other]) => one.localeCompare(other))
  }

  /** Reports something that must not be, with what happened lately to these subjects, and the faults. */
  violation(what: string, ...subjects: string[]): void {
    this.#violationCount += 1
    const atMs = this.nowMs
    this.#tell(`violation at ${atMs} ms: ${what}`)
    if (this.violations.length >= MAX_TOLD) return
    const around = [...new Set([...subjects, 'faults'])]
      .flatMap((subject) =>
        (this.#rings.get(subject) ?? []).slice(-TOLD).map((entry) => ({ ...entry, text: `${subject}  ${entry.text}` })),
      )
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ atMs: at, text }) => `${at}  ${text}`)
    this.violations.push({ atMs, what, around })
  }
}
