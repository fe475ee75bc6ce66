import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { nth } from '../subject.ts'
import type { GatewaySocket } from './gateway-socket.ts'
import { isFrame, openGateways } from './gateways.ts'
import { COUNTER, type Outcome, type Report, type SendingSocket, type SocketSendJob } from './jobs.ts'
import { sendFrame } from './paced-load.ts'
import { Measurement } from './timing.ts'

/** A server takes 60 frames of a socket at once and 20 a second; a little less is surely taken. */
const BURST = 40
const FRAMES_PER_SECOND = 19

/** How long a sender waits that has used up what all of its sockets may send. */
const WAIT_MS = 5

/** One socket, with what it may still send. */
class Sending {
  readonly #socket: GatewaySocket
  readonly #rooms: readonly number[]
  #turn = 0
  #tokens = BURST
  #filledAt = performance.now()

  constructor(socket: GatewaySocket, rooms: readonly number[]) {
    this.#socket = socket
    this.#rooms = rooms
  }

  /** Sends a message to the next of its rooms. @returns whether it may */
  trySend(number: string): boolean {
    const now = performance.now()
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) * FRAMES_PER_SECOND) / 1000)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    this.#turn += 1
    this.#socket.send(sendFrame(nth(this.#rooms, this.#turn), number))
    return true
  }
}

/** Keeps every sender busy. @throws Error where a socket is closed or a send is refused */
export async function runSocketSendJob(job: SocketSendJob, tell: (report: Report) => void): Promise<Outcome> {
  const measurement = new Measurement()
  const failure = Promise.withResolvers<never>()
  const waiting = new Map<string, () => void>()
  const eventsOf = () => ({
    onText(payload: Buffer) {
      if (isFrame(payload, 'message.created')) measurement.delivered()
      else if (isFrame(payload, 'ack')) acknowledge(payload)
      else if (isFrame(payload, 'error')) failure.reject(new Error(`a send was refused: ${payload}`))
    },
    onClose: (code: number, reason: string) => failure.reject(new Error(`a socket was closed with ${code} ${reason}`)),
  })
  const acknowledge = (payload: Buffer) => {
    const ref = refIn(payload)
    waiting.get(ref)?.()
    waiting.delete(ref)
  }
  const all = job.senders.flat()
  const sockets = await openGateways(
    all.map((one) => one.url),
    eventsOf,
  )
  const sendings = new Map(all.map((one, index) => [one, new Sending(nth(sockets, index), one.rooms)]))
  let isOver = false
  let count = 0
  const loops = job.senders.map(async (own: readonly SendingSocket[]) => {
    const mine = own.flatMap((one) => sendings.get(one) ?? [])
    for (let turn = 0; !isOver; turn++) {
      const number = String(++count).padStart(COUNTER.length, '0')
      const startedAt = performance.now()
      const acknowledged = new Promise<void>((resolve) => waiting.set(number, resolve))
      if (!mine.some((_, place) => nth(mine, turn + place).trySend(number))) {
        waiting.delete(number)
        await delay(WAIT_MS)
        continue
      }
      await acknowledged
      measurement.done(startedAt)
    }
  })
  const working = Promise.all(loops)
  const outcome = await Promise.race([measurement.take(job, tell), failure.promise])
  isOver = true
  await Promise.race([working, failure.promise])
  return outcome
}

/** The `ref` of an `ack`, which follows its type: `{"type":"ack","ref":"00000001",…`. */
function refIn(ack: Buffer): string {
  const start = '{"type":"ack","ref":"'.length
  return ack.toString('latin1', start, start + COUNTER.length)
}
