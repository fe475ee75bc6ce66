import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { nth } from '../subject.ts'
import { Deliveries } from './deliveries.ts'
import { GatewaySocket } from './gateway-socket.ts'
import { isFrame, openGateways } from './gateways.ts'
import { COUNTER, type Outcome, type PacedJob, type Report, type Round } from './jobs.ts'
import { Measurement } from './timing.ts'

/** How long what is under way at the end may take to arrive; a server that is overtaxed has more than that waiting. */
const LAST_MS = 5_000

/**
 * Sends at a fixed rate. A message's time counts from the moment at which it was to be sent, so that a generator or a
 * server that falls behind shows in it.
 *
 * @throws Error where a socket is closed or a send is refused
 */
export async function runPacedJob(job: PacedJob, tell: (report: Report) => void): Promise<Outcome> {
  const load = await PacedLoad.open(job)
  const outcome = await load.take(job, new Measurement(), tell)
  await load.untilArrived(LAST_MS)
  return outcome
}

type Opened = Pick<PacedJob, 'sockets' | 'senders' | 'room' | 'extensions'>

/** A room whose sockets are open, into which messages are sent for a while, and again later. */
export class PacedLoad {
  readonly #room: number
  readonly #deliveries: Deliveries
  /** Takes what arrives, and counts what does so in its time. */
  #measurement: Measurement | undefined
  readonly #underWay = new Set<Promise<void>>()
  #senders: readonly GatewaySocket[] = []
  #sent = 0
  readonly #failure = Promise.withResolvers<never>()

  private constructor({ room, sockets, extensions }: Opened) {
    this.#room = room
    const isOpaque = extensions !== undefined
    this.#deliveries = new Deliveries(sockets.length, isOpaque ? (_, place) => toNumber(place) : undefined)
    // Heard of in the next round, where it is between two.
    this.#failure.promise.catch(() => {})
  }

  /** @throws Error where the server refuses a socket */
  static async open(job: Opened): Promise<PacedLoad> {
    const load = new PacedLoad(job)
    const sockets = await openAll(job, {
      onMessage: (index, frame) => {
        load.#measurement?.delivered(sizeOnWire(frame))
        load.#deliveries.take(index, frame)
      },
      onFailure: (message) => load.#failure.reject(new Error(message)),
    })
    load.#senders = pickSenders(sockets, job.senders)
    return load
  }

  /** Sends for so long. @throws Error where a socket is closed or a send is refused */
  async take(
    round: Pick<Round, 'perSecond' | 'warmupSeconds' | 'seconds'>,
    measurement: Measurement,
    tell: (report: Report) => void,
  ): Promise<Outcome> {
    this.#measurement = measurement
    let isOver = false
    const sending = atRate(
      round.perSecond,
      () => !isOver,
      (_, due) => {
        const number = toNumber(this.#sent)
        const arriving = this.#deliveries.everywhere(number).then(() => {
          measurement.done(due)
          this.#underWay.delete(arriving)
        })
        this.#underWay.add(arriving)
        nth(this.#senders, this.#sent).send(sendFrame(this.#room, number))
        this.#sent += 1
      },
    )
    try {
      return await Promise.race([measurement.take(round, tell), this.#failure.promise])
    } finally {
      isOver = true
      await sending
    }
  }

  /** Whether all that was sent is everywhere, at the latest when so long has passed. @throws Error where a socket is closed */
  untilArrived(withinMs: number): Promise<boolean> {
    const all = Promise.all(this.#underWay).then(() => true)
    return Promise.race([all, delay(withinMs, false, { ref: false }), this.#failure.promise])
  }
}

function toNumber(turn: number): string {
  return String(turn).padStart(COUNTER.length, '0')
}

/** Of a payload with its header. */
function sizeOnWire({ length }: Buffer): number {
  return length + (length < 126 ? 2 : length < 65_536 ? 4 : 10)
}

/** A send of which everyone can tell by its number which it is. */
export function sendFrame(room: number, number: string): string {
  const content = `This is message ${number} of the benchmark`
  return JSON.stringify({ type: 'message.send', ref: number, room, content, client_id: `${process.pid}-${number}` })
}

type Hearing = Readonly<{ onMessage(index: number, frame: Buffer): void; onFailure(message: string): void }>

async function openAll(job: Opened, { onMessage, onFailure }: Hearing): Promise<GatewaySocket[]> {
  const eventsOf = (index: number) => ({
    onText(payload: Buffer) {
      if (job.extensions !== undefined || isFrame(payload, 'message.created')) onMessage(index, payload)
      else if (isFrame(payload, 'error')) onFailure(`a send was refused: ${payload}`)
    },
    onClose: (code: number, reason: string) => onFailure(`a socket was closed with ${code} ${reason}`),
  })
  if (job.extensions === undefined) return openGateways(job.sockets, eventsOf)
  // Nothing of what is compressed can be read, so nothing is asked.
  return Promise.all(job.sockets.map((url, index) => GatewaySocket.connect(url, eventsOf(index), job.extensions)))
}

/** From all over the list, so that each of several servers has its share. */
function pickSenders(sockets: readonly GatewaySocket[], count: number): GatewaySocket[] {
  const step = sockets.length / count
  return Array.from({ length: count }, (_, place) => nth(sockets, Math.floor(place * step)))
}

/** Does something so often a second, as long as it goes on, and catches up where the process was busy. */
export async function atRate(
  perSecond: number,
  goesOn: () => boolean,
  act: (turn: number, due: number) => void,
): Promise<void> {
  const startedAt = performance.now()
  for (let turn = 0; goesOn(); turn++) {
    const due = startedAt + (turn * 1000) / perSecond
    const early = due - performance.now()
    // A timer of Node may fire up to a millisecond early.
    if (early > 0) await delay(early)
    if (goesOn()) act(turn, due)
  }
}
