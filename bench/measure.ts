import { end, listen, startScript } from './children.ts'
import {
  type IdleJob,
  isReport,
  type Outcome,
  type ReconnectJob,
  type Return,
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
  const readings: Promise<Reading>[] = []
  child.send(job)
  try {
    const outcome = await listen(child, (message) => {
      if (!isReport(message)) return undefined
      if (message.type === 'failed') throw new Error(message.message)
      if (message.type === 'begin' || message.type === 'end') readings.push(read(watched))
      return message.type === 'outcome' ? message.outcome : undefined
    })
    return { ...outcome, ...used(outcome, await Promise.all(readings)) }
  } finally {
    await end(child)
  }
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
    await listen(child, (message) => {
      if (!isReport(message)) return undefined
      if (message.type === 'failed') throw new Error(message.message)
      return message.type === 'open' ? true : undefined
    })
    return await work()
  } finally {
    await end(child)
  }
}

/** Lets clients open their sockets, does what makes them come back, and waits until all have. */
export async function measureReturn(job: ReconnectJob, interrupt: () => Promise<void>): Promise<Return> {
  const child = startScript('./generator/main.ts')
  child.send(job)
  const hear = (type: 'open' | 'returned') =>
    listen(child, (message) => {
      if (!isReport(message)) return undefined
      if (message.type === 'failed') throw new Error(message.message)
      return message.type === type ? message : undefined
    })
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
