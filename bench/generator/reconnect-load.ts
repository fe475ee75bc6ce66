import { setTimeout as delay } from 'node:timers/promises'
import { inParallel } from '../subject.ts'
import { isFrame, openGateway } from './gateways.ts'
import type { ReconnectJob, Report, Return } from './jobs.ts'

/** Sockets that are opened at a time at the beginning, which is not measured. */
const FIRST_OPENINGS = 50

/** As the client library waits: a random part of a time that doubles with every failure in a row. */
const BASE_MS = 500
const CAP_MS = 30_000

type Ready = Readonly<{ epoch: string; resumed: boolean; positions: Record<string, number> }>

/** What came of one client's return. */
type Came = { setbacks: string[]; replayed: number; bytes: number; readyAt: number }

/**
 * Opens all sockets, says so, and waits until the server has closed each and has taken it back.
 *
 * @throws Error where one is told not to come back, or does not resume
 */
export async function runReconnectJob(job: ReconnectJob, tell: (report: Report) => void): Promise<Return> {
  const returns: Promise<Came>[] = []
  await inParallel(job.sockets, FIRST_OPENINGS, async (url) => {
    const closed = Promise.withResolvers<number>()
    const onClose = (code: number, reason: string) => {
      if (code >= 4500) closed.reject(new Error(`a client was sent away with ${code} ${reason}`))
      else closed.resolve(waitAsked(reason) ?? backoffMs(0))
    }
    const { ready } = await openGateway(url, { onText() {}, onClose })
    const resume = forget(parseReady(ready), job.missed)
    returns.push(closed.promise.then((waitMs) => comeBack({ url, resume, waitMs })))
  })
  tell({ type: 'open' })
  const cpu = process.cpuUsage()
  const came = await Promise.all(returns)
  const { user, system } = process.cpuUsage(cpu)
  return {
    readyAt: came.map((one) => one.readyAt).sort((one, other) => one - other),
    setbacks: countEach(came.flatMap((one) => one.setbacks)),
    replayed: sum(came.map((one) => one.replayed)),
    readyBytes: sum(came.map((one) => one.bytes)) / came.length,
    cpuSeconds: (user + system) / 1e6,
  }
}

async function comeBack({ url, resume, waitMs }: { url: string; resume: object; waitMs: number }): Promise<Came> {
  const setbacks: string[] = []
  for (let wait = waitMs; ; ) {
    await delay(wait)
    let replayed = 0
    let asked: number | undefined
    const onClose = (_code: number, reason: string) => {
      asked = waitAsked(reason)
    }
    try {
      const onReplay = (payload: Buffer) => {
        if (isFrame(payload, 'message.created')) replayed += 1
      }
      const { ready } = await openGateway(url, { onText() {}, onClose }, { resume, onReplay })
      if (!parseReady(ready).resumed) throw new TypeError('a client came back and was not resumed')
      return { setbacks, replayed, bytes: Buffer.byteLength(ready), readyAt: Date.now() }
    } catch (error) {
      if (error instanceof TypeError) throw error
      setbacks.push(nameOf(error))
      wait = asked ?? backoffMs(setbacks.length)
    }
  }
}

/** The wait that the reason of a close frame asks for: `server_draining:1200`. */
function waitAsked(reason: string): number | undefined {
  const asked = /:(\d+)$/.exec(reason)?.[1]
  return asked === undefined ? undefined : Number(asked)
}

function backoffMs(failures: number): number {
  return Math.random() * Math.min(CAP_MS, BASE_MS * 2 ** failures)
}

/** What a client knows that has missed the newest event of some rooms. */
function forget({ epoch, positions }: Ready, missed: number): object {
  const rooms = Object.entries(positions).filter(([topic, seq]) => topic.startsWith('room:') && seq > 0)
  const before = rooms.slice(0, missed).map(([topic, seq]) => [topic, seq - 1])
  return { epoch, positions: { ...positions, ...Object.fromEntries(before) } }
}

function parseReady(text: string): Ready {
  const { epoch, resumed, positions } = Object(JSON.parse(text))
  return { epoch: String(epoch), resumed: resumed === true, positions: { ...positions } }
}

/** `ECONNREFUSED`, or what the socket was closed or refused with. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

function countEach(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
