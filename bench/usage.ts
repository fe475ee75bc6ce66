/** What the system says of running processes. Only Linux tells; elsewhere everything here is undefined. */
import { readdir, readFile } from 'node:fs/promises'

/** What a process has used since it began, and holds now. */
export type Usage = Readonly<{ cpuSeconds: number; rssBytes: number; parent: number }>

/** Linux counts CPU time for programs in hundredths of a second, whatever the kernel's own clock is. */
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/** Reads `/proc/<pid>/stat`, see proc_pid_stat(5); undefined where there is no such process. */
export async function readUsage(pid: number): Promise<Usage | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name, second of the fields, is in brackets and may hold anything; what follows its last bracket begins at field 3.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  if (!fields) return undefined
  const field = (number: number) => Number(fields[number - 3])
  return {
    parent: field(4),
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    rssBytes: field(24) * PAGE_BYTES,
  }
}

/**
 * CPU seconds of some processes. Those of each thread are read, in nanoseconds (`/proc/<pid>/task/<tid>/schedstat`): the
 * hundredths of `stat` are too coarse for a server that has little to do. A thread that ends takes its seconds along.
 */
export async function readCpuSeconds(pids: readonly number[]): Promise<number | undefined> {
  const seconds = await Promise.all(pids.map(readThreads))
  return seconds.every((one) => one !== undefined) ? seconds.reduce((sum, one) => sum + one, 0) : undefined
}

async function readThreads(pid: number): Promise<number | undefined> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const texts = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  )
  if (texts.length === 0) return undefined
  const nanoseconds = texts.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0)
  // A kernel without these statistics has no such file, or noughts in it.
  return nanoseconds > 0 ? nanoseconds / 1e9 : (await readUsage(pid))?.cpuSeconds
}

/** CPU seconds of a process and its children, by process. A child that ends takes its seconds along. */
export async function readFamilyCpu(pid: number): Promise<ReadonlyMap<number, number>> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter(Number.isInteger)
  const usages = await Promise.all(pids.map(async (one) => [one, await readUsage(one)] as const))
  return new Map(
    usages.flatMap(([one, usage]) => (usage && (one === pid || usage.parent === pid) ? [[one, usage.cpuSeconds]] : [])),
  )
}

/** CPU seconds used between two readings of a family. */
export function familyCpuBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  let sum = 0
  for (const [pid, seconds] of after) sum += seconds - (before.get(pid) ?? 0)
  return sum
}
