import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { SenderConnection } from './http.ts'
import type { FanOutJob, Outcome, Report } from './jobs.ts'
import { openSockets } from './sockets.ts'
import { Measurement } from './timing.ts'

/** How long the last messages may take to arrive everywhere. */
const LAST_MS = 15_000

/**
 * Messages that are under way to many sockets. Every socket gets the same frames in the same order, so that they only
 * need counting: the n-th frame of each is the n-th message. What that one is, the first socket reads.
 */
class Deliveries {
  readonly #sockets: number
  readonly #counts: Uint32Array
  /** How many sockets have the n-th message. */
  readonly #arrived: number[] = []
  /** What the n-th message is. */
  readonly #numbers: string[] = []
  readonly #waiting = new Map<string, () => void>()
  /** Messages that were everywhere before their sender had its answer and asked. */
  readonly #complete = new Set<string>()

  constructor(sockets: number) {
    this.#sockets = sockets
    this.#counts = new Uint32Array(sockets)
  }

  /** A frame arrived at a socket. */
  take(socket: number, frame: Buffer): void {
    const place = this.#counts[socket] ?? 0
    this.#counts[socket] = place + 1
    if (socket === 0) this.#numbers[place] = numberIn(frame)
    const arrived = (this.#arrived[place] ?? 0) + 1
    this.#arrived[place] = arrived
    if (arrived === this.#sockets) this.#finish(this.#numbers[place] ?? '')
  }

  /** Resolves when the message is at every socket. */
  async everywhere(number: string): Promise<void> {
    if (this.#complete.delete(number)) return
    await new Promise<void>((resolve) => this.#waiting.set(number, resolve))
  }

  #finish(number: string): void {
    const resolve = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (resolve) resolve()
    else this.#complete.add(number)
  }
}

function numberIn(frame: Buffer): string {
  return /message (\d+)/.exec(frame.toString('latin1'))?.[1] ?? ''
}

/** @throws Error where a message is not delivered to all, or a request fails */
export async function runFanOutJob(job: FanOutJob, tell: (report: Report) => void): Promise<Outcome> {
  const measurement = new Measurement()
  const deliveries = new Deliveries(job.sockets.length)
  await openSockets(job.origin, job.sockets, (socket, index) => {
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data) || !isMessage(data)) return
      measurement.delivered()
      deliveries.take(index, data)
    })
  })
  const connections = job.senders.map((sender) => new SenderConnection(job.origin, sender))
  let isOver = false
  const loops = connections.map(async (connection) => {
    while (!isOver) {
      const startedAt = performance.now()
      const { number } = await connection.next()
      await deliveries.everywhere(number)
      measurement.done(startedAt)
    }
  })
  const working = Promise.all(loops)
  const outcome = await Promise.race([measurement.take(job, tell), working.then(neverFirst)])
  isOver = true
  await Promise.race([working, late()])
  return outcome
}

/** Other frames, such as somebody coming online, are not counted. */
function isMessage(frame: Buffer): boolean {
  return frame.toString('latin1', 9, 20) === 'new_message'
}

function neverFirst(): never {
  throw new Error('the senders stopped before they were told to')
}

async function late(): Promise<never> {
  await delay(LAST_MS, undefined, { ref: false })
  throw new Error(`a message was not delivered to all sockets within ${LAST_MS / 1000} s`)
}
