import type { ChildProcess } from 'node:child_process'
import { end, listen, startScript } from './children.ts'
import {
  type IdleJob,
  isReport,
  type Outcome,
  type ReconnectJob,
  type Report,
  type Return,
  type Round,
  type RoundsJob,
  type TimedJob,
} from './generator/jobs.ts'
import type { Cores } from './report.ts'
import { familyCpuBetween, readCpuSeconds, readFamilyCpu } from './usage.ts'

/** Processes to look at while something is measured, where they run on this machine; of several servers, their sum. */
export type Watched = Readonly<{ server?: number | readonly number[] | undefined; database?: number | undefined }>

/** What was measured, and what the server's process used meanwhile. */
export type Measured = Outcome & Readonly<{ serverCpuSeconds: number | undefined; cores: Cores }>

type Reading = { server: number | undefined; database: ReadonlyMap<number, number> | undefined }

/** Runs a job in a load generator of its own. @throws Error where the job fails */
export async function measure(job: TimedJob, watched: Watched): Promise<Measured> {
  const child = startScript('./generator/main.ts')
  child.send(job)
  try {
    return await hearOutcome(child, watched)
  } finally {
    await end(child)
  }
}

/** A load generator whose sockets are open, which measures its rooms whenever it is asked to. */
export class RoundsLoad {
  readonly #child: ChildProcess
  readonly #watched: Watched

  private constructor(child: ChildProcess, watched: Watched) {
    this.#child = child
    this.#watched = watched
  }

  /** @throws Error where the sockets cannot be opened */
  static async open(job: RoundsJob, watched: Watched): Promise<RoundsLoad> {
    const child = startScript('./generator/main.ts')
    child.send(job)
    try {
      await hearReport(child, ({ type }) => (type === 'open' ? true : undefined))
    } catch (error) {
      await end(child)
      throw error
    }
    return new RoundsLoad(child, watched)
  }

  /** Does a round. @returns what it came to, with the latencies of all rounds of this room and rate */
  async take(round: Round): Promise<Measured> {
    if (!this.#child.connected) throw new Error('the load generator ended between two rounds')
    const heard = hearOutcome(this.#child, this.#watched)
    this.#child.send(round)
    return heard
  }

  end(): Promise<void> {
    return end(this.#child)
  }
}

/** Hears a generator until a report gives a result. @throws Error where it fails */
function hearReport<T>(child: ChildProcess, onReport: (report: Report) => T | undefined): Promise<T> {
  return listen(child, (message) => {
    if (!isReport(message)) return undefined
    if (message.type === 'failed') throw new Error(message.message)
    return onReport(message)
  })
}

async function hearOutcome(child: ChildProcess, watched: Watched): Promise<Measured> {
  const readings: Promise<Reading>[] = []
  const outcome = await hearReport(child, (report) => {
    if (report.type === 'begin' || report.type === 'end') readings.push(read(watched))
    return report.type === 'outcome' ? report.outcome : undefined
  })
  return { ...outcome, ...used(outcome, await Promise.all(readings)) }
}

async function read({ server, database }: Watched): Promise<Reading> {
  return {
    server: server === undefined ? undefined : await readCpuSeconds([server].flat()),
    database: database === undefined ? undefined : await readFamilyCpu(database),
  }
}

function used({ seconds, cpuSeconds }: Outcome, [before, after]: Reading[]) {
  const isKnown = before?.server !== undefined && after?.server !== undefined
  const server = isKnown ? (after.server ?? 0) - (before.server ?? 0) : undefined
  const database =
    before?.database && after?.database ? familyCpuBetween(before.database, after.database) / seconds : undefined
  return {
    serverCpuSeconds: server,
    cores: { server: server === undefined ? undefined : server / seconds, database, generator: cpuSeconds / seconds },
  }
}

/** Deliveries per CPU second of the servers. @returns NaN where that could not be seen */
export function perCpuSecond({ deliveries, serverCpuSeconds }: Measured): number {
  return deliveries / (serverCpuSeconds ?? Number.NaN)
}

/** Opens sockets in a process of their own and keeps them open meanwhile. */
export async function whileOpen<T>(job: IdleJob, work: () => Promise<T>): Promise<T> {
  const child = startScript('./generator/main.ts')
  child.send(job)
  try {
    await hearReport(child, ({ type }) => (type === 'open' ? true : undefined))
    return await work()
  } finally {
    await end(child)
  }
}

/** Lets clients open their sockets, does what makes them come back, and waits until all have. */
export async function measureReturn(job: ReconnectJob, interrupt: () => Promise<void>): Promise<Return> {
  const child = startScript('./generator/main.ts')
  child.send(job)
  const hear = (type: 'open' | 'returned') => hearReport(child, (report) => (report.type === type ? report : undefined))
  try {
    await hear('open')
    const returning = hear('returned')
    // Awaited below; until then a failure must not count as unhandled.
    returning.catch(() => {})
    await interrupt()
    const report = await returning
    if (report.type !== 'returned') throw new Error('the generator told something else')
    return report.outcome
  } finally {
    await end(child)
  }
}
