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

/**
 * Messages into one room at a fixed rate, whatever becomes of them, and how long each takes to the last socket.
 * Sockets are whole addresses, so that they may be of several servers.
 */
export type PacedJob = Timed &
  Readonly<{
    kind: 'paced'
    sockets: readonly string[]
    /** How many of the sockets send, in turn and from all over the list. */
    senders: number
    room: number
    perSecond: number
    /** What to offer in `Sec-WebSocket-Extensions`; frames are then counted and not read, so one socket must send all. */
    extensions?: string | undefined
  }>

/** Some rooms and their sockets, which stay open between rounds: what is compared is measured in turn. */
export type RoundsJob = Readonly<{ kind: 'rounds'; rooms: readonly RoomOfRounds[]; senders: number }>

/** A room, and those who follow it. */
export type RoomOfRounds = Readonly<{ room: number; sockets: readonly string[] }>

/** Messages into one of the rooms at a fixed rate for a while. */
export type Round = Readonly<{
  kind: 'round'
  room: number
  perSecond: number
  warmupSeconds: number
  seconds: number
}>

/** A person's socket, and the rooms it sends to in turn. */
export type SendingSocket = Readonly<{ url: string; rooms: readonly number[] }>

/** Messages through the gateway: each sender has one under way, and sends over the next of its sockets each time. */
export type SocketSendJob = Timed & Readonly<{ kind: 'socket-send'; senders: readonly (readonly SendingSocket[])[] }>

/** Clients that come back when their server does. It tells when they are open, and when all are back. */
export type ReconnectJob = Readonly<{
  kind: 'reconnect'
  sockets: readonly string[]
  /** In so many of its rooms each has missed the newest event. */
  missed: number
}>

/** Somebody who does a little of everything. */
export type Resident = Readonly<{ token: string; url: string; rooms: readonly number[] }>

/** A little of everything, as fast as it goes, or so often a second. */
export type MixedJob = Timed &
  Readonly<{ kind: 'mixed'; residents: readonly Resident[]; perSecond?: number | undefined }>

/** Sockets that are only open. They stay so until the process is ended. */
export type IdleJob = Readonly<{ kind: 'idle'; origin: string; sockets: readonly string[] }>

/** Jobs that count for a time. */
export type TimedJob = HttpJob | FanOutJob | PacedJob | SocketSendJob | MixedJob

export type Job = TimedJob | IdleJob | ReconnectJob | RoundsJob

/** What a timed job came to. */
export type Outcome = Readonly<{
  /** Requests answered, or messages delivered to all. */
  count: number
  /** Messages that arrived at sockets, counted for each socket. */
  deliveries: number
  /** What these took on the wire, where it was counted. */
  bytes: number
  seconds: number
  latency: Latency | undefined
  /** CPU seconds of the generator itself. */
  cpuSeconds: number
}>

/** How clients came back. */
export type Return = Readonly<{
  /** When each was ready again: milliseconds since 1970, ascending. */
  readyAt: readonly number[]
  /** How often an attempt failed, by why: the server was not there yet, or sent the client away again. */
  setbacks: Readonly<Record<string, number>>
  /** Events that were told again. */
  replayed: number
  /** Bytes of a `ready` frame, on average. */
  readyBytes: number
  cpuSeconds: number
}>

/**
 * What the generator tells: when measuring begins and ends, and what came of it once the last request is answered; the
 * latencies of a round are those of all rounds of its room and rate.
 */
export type Report =
  | Readonly<{ type: 'begin' }>
  | Readonly<{ type: 'end' }>
  | Readonly<{ type: 'outcome'; outcome: Outcome }>
  | Readonly<{ type: 'open' }>
  | Readonly<{ type: 'returned'; outcome: Return }>
  | Readonly<{ type: 'failed'; message: string }>

/** Checks that a message between processes is a report. */
export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string'
}

/** Checks that a message between processes is a job. */
export function isJob(message: unknown): message is Job {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string'
}

/** Checks that a message between processes is a round. */
export function isRound(message: unknown): message is Round {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'round'
}
