import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { Client } from 'undici'
import { inParallel, nth } from '../subject.ts'
import type { GatewaySocket } from './gateway-socket.ts'
import { isFrame, openGateway } from './gateways.ts'
import { dispatch } from './http.ts'
import type { MixedJob, Outcome, Report, Resident } from './jobs.ts'
import { atRate } from './paced-load.ts'
import { Measurement } from './timing.ts'

/** Things done at a time where they are done as fast as possible. */
const LANES = 32

/** Connections for reading. */
const CONNECTIONS = 16

/** Handshakes under way at a time, at the beginning. */
const HANDSHAKES = 50

/** What people do, out of a hundred things. */
const habits = [
  { share: 50, act: (inhabitant: Inhabitant) => inhabitant.send() },
  { share: 20, act: (inhabitant: Inhabitant) => inhabitant.readMessages() },
  { share: 10, act: (inhabitant: Inhabitant) => inhabitant.readRooms() },
  { share: 10, act: (inhabitant: Inhabitant) => inhabitant.command({ type: 'room.read', room: inhabitant.room }) },
  { share: 8, act: (inhabitant: Inhabitant) => inhabitant.command({ type: 'typing.start', room: inhabitant.room }) },
  { share: 2, act: (inhabitant: Inhabitant) => inhabitant.comeBack() },
] as const

/** In what order: each habit as often as its share says, spread evenly. */
const routine = habits
  .flatMap(({ share, act }) => Array.from({ length: share }, (_, place) => ({ act, at: (place + 0.5) / share })))
  .sort((one, other) => one.at - other.at)

let count = 0

type Events = Readonly<{
  onMessage(): void
  /** The socket was closed, and not by the person. */
  onLost(error: Error): void
}>

/** One person with a socket, who does one thing at a time. */
class Inhabitant {
  readonly #resident: Resident
  readonly #client: Client
  readonly #events: Events
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  #socket: GatewaySocket | undefined
  #epoch = ''
  #positions: Record<string, number> = {}
  #turn = 0

  constructor(resident: Resident, client: Client, events: Events) {
    this.#resident = resident
    this.#client = client
    this.#events = events
  }

  /** One of the rooms, each time another. */
  get room(): number {
    this.#turn += 1
    return nth(this.#resident.rooms, this.#turn)
  }

  async open(): Promise<void> {
    const hear = (payload: Buffer) => this.#hear(payload)
    const resume = this.#epoch === '' ? undefined : { epoch: this.#epoch, positions: this.#positions }
    const { socket, ready } = await openGateway(
      this.#resident.url,
      { onText: hear, onClose: (code, reason) => this.#onClose(code, reason) },
      { resume, onReplay: hear },
    )
    this.#socket = socket
    const { epoch, positions } = Object(JSON.parse(ready))
    this.#epoch = String(epoch)
    this.#positions = { ...positions }
  }

  /** Loses the network, and resumes. */
  comeBack(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    socket?.cut()
    return this.open()
  }

  #onClose(code: number, reason: string): void {
    if (this.#socket) this.#events.onLost(new Error(`a socket was closed with ${code} ${reason}`))
  }

  send(): Promise<void> {
    const content = `Something that is said for the ${++count}. time, as people do`
    return this.command({ type: 'message.send', room: this.room, content, client_id: `${process.pid}-${count}` })
  }

  /** @throws Error where it is refused */
  command(command: object): Promise<void> {
    const ref = String(++count)
    const answer = Promise.withResolvers<void>()
    this.#waiting.set(ref, answer)
    this.#socket?.send(JSON.stringify({ ...command, ref }))
    return answer.promise
  }

  readMessages(): Promise<void> {
    return this.#read(`/api/chatrooms/${this.room}/messages/`)
  }

  readRooms(): Promise<void> {
    return this.#read('/api/chatrooms/')
  }

  async #read(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.#resident.token}` }
    const { status, body } = await dispatch(this.#client, { method: 'GET', path, headers })
    if (status >= 300) throw new Error(`GET ${path} was answered ${status} ${body}`)
  }

  #hear(payload: Buffer): void {
    if (isFrame(payload, 'message.created')) {
      this.#events.onMessage()
      const [, topic, seq] = /"topic":"(room:\d+)","seq":(\d+)/.exec(payload.toString('latin1', 0, 120)) ?? []
      if (topic !== undefined) this.#positions[topic] = Number(seq)
    } else if (isFrame(payload, 'ack')) this.#answer(payload)
    else if (isFrame(payload, 'error')) this.#answer(payload, new Error(`a command was refused: ${payload}`))
  }

  #answer(payload: Buffer, error?: Error): void {
    const ref = /"ref":"(\d+)"/.exec(payload.toString('latin1', 0, 120))?.[1] ?? ''
    const waiting = this.#waiting.get(ref)
    this.#waiting.delete(ref)
    if (error) waiting?.reject(error)
    else waiting?.resolve()
  }
}

/** @throws Error where anything is refused, or a client cannot come back */
export async function runMixedJob(job: MixedJob, tell: (report: Report) => void): Promise<Outcome> {
  const measurement = new Measurement()
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(job.origin, { pipelining: 1 }))
  const failure = Promise.withResolvers<never>()
  const fail = (error: unknown) => failure.reject(error)
  const events: Events = { onMessage: () => measurement.delivered(), onLost: fail }
  const idle = job.residents.map((resident, index) => new Inhabitant(resident, nth(clients, index), events))
  await inParallel(idle, HANDSHAKES, (inhabitant) => inhabitant.open())
  let isOver = false
  let turn = 0
  const next = async (due: number) => {
    const inhabitant = idle.shift()
    // Everyone is busy: the server is behind, and what was to be done is not counted.
    if (!inhabitant) return
    await nth(routine, turn++).act(inhabitant)
    measurement.done(due)
    idle.push(inhabitant)
  }
  const lane = async () => {
    while (!isOver) {
      await next(performance.now())
      await setImmediate()
    }
  }
  if (job.perSecond === undefined) for (let place = 0; place < LANES; place++) lane().catch(fail)
  else
    void atRate(
      job.perSecond,
      () => !isOver,
      (_, due) => void next(due).catch(fail),
    )
  const outcome = await Promise.race([measurement.take(job, tell), failure.promise])
  isOver = true
  return outcome
}
