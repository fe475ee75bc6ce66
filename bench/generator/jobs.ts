import type { Latency } from '../statistics.ts'

/** One connection's work: it sends one request at a time, over and over, and each time the next of its paths. */
export type Sender = Readonly<{
  method: 'GET' | 'POST'
  paths: readonly string[]
  token: string
  /** JSON text; `COUNTER` in it becomes another number of as many digits each time. */
  body?: string | undefined
}>

/** Where in a body the number goes. */
export const COUNTER = '########'

type Timed = Readonly<{
  origin: string
  /** What is done and not measured, so that caches are warm and code is compiled. */
  warmupSeconds: number
  seconds: number
}>

/** Requests over HTTP, as many at a time as there are senders. */
export type HttpJob = Timed & Readonly<{ kind: 'http'; senders: readonly Sender[] }>

/** Messages to one room and what its sockets get of them: a sender goes on when its message is everywhere. */
export type FanOutJob = Timed & Readonly<{ kind: 'fan-out'; senders: readonly Sender[]; sockets: readonly string[] }>

/** Sockets that are only open. They stay so until the process is ended. */
export type IdleJob = Readonly<{ kind: 'idle'; origin: string; sockets: readonly string[] }>

export type Job = HttpJob | FanOutJob | IdleJob

/** What a timed job came to. */
export type Outcome = Readonly<{
  /** Requests answered, or messages delivered to all. */
  count: number
  /** Frames that arrived at sockets. */
  deliveries: number
  seconds: number
  latency: Latency | undefined
  /** CPU seconds of the generator itself. */
  cpuSeconds: number
}>

/** What the generator tells: when measuring begins and ends, and what came of it once the last request is answered. */
export type Report =
  | Readonly<{ type: 'begin' }>
  | Readonly<{ type: 'end' }>
  | Readonly<{ type: 'outcome'; outcome: Outcome }>
  | Readonly<{ type: 'open' }>
  | Readonly<{ type: 'failed'; message: string }>

/** Checks that a message between processes is a report. */
export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string'
}

/** Checks that a message between processes is a job. */
export function isJob(message: unknown): message is Job {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string'
}
