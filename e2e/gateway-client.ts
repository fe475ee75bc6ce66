import { setTimeout as pause } from 'node:timers/promises'
import { type Frame, TestSocket } from '@confab/testkit/socket'

/** A server beats every 25 s: a socket that is silent for longer than that is dead. */
const SILENCE_MS = 37_500

/** A handshake that was refused, and a close that says nothing, are followed by a new try after this. */
const AGAIN_MS = 100

/** A socket takes 20 frames a second. */
const PACE_MS = 60

const LOOK_MS = 10

type Position = { epoch: string; positions: Record<string, number> }

/**
 * A device at the gateway that does what docs/realtime.md tells clients to do, and keeps what it was told: it comes back
 * when the close reason says so, resumes, and sends again what was not acknowledged.
 */
export class GatewayClient {
  readonly #url: string
  readonly #token: string
  /** The texts of messages, in the order in which they were told. */
  readonly told: string[] = []
  /** The texts that were acknowledged, and how many of them had to be sent again. */
  readonly acknowledged: string[] = []
  repeated = 0
  /** How its sockets were closed: the code, and the reason without its milliseconds. */
  readonly closes: string[] = []
  /** What no client should ever see. */
  readonly faults: string[] = []
  #position: Position | undefined
  #socket: TestSocket | undefined
  #isReady = false
  readonly #answers = new Map<string, (answer: Frame | undefined) => void>()
  #refs = 0
  #isOver = false
  readonly #running: Promise<void>

  constructor(address: string, token: string) {
    this.#url = `${address.replace('http', 'ws')}/ws/`
    this.#token = token
    this.#running = this.#run()
  }

  /** Resolves when it has a socket that is ready. @throws where it has gone */
  async ready(): Promise<TestSocket> {
    while (!this.#isOver) {
      if (this.#isReady && this.#socket?.isOpen) return this.#socket
      await pause(LOOK_MS)
    }
    throw new Error('the device has gone')
  }

  /** Sends a text into a room until it is acknowledged. */
  async send(room: number, text: string): Promise<void> {
    for (let attempt = 1; !(await this.#sendOnce(room, text)); attempt++) {
      if (attempt === 1) this.repeated += 1
      else this.faults.push(`${text} failed ${attempt} times`)
    }
    this.acknowledged.push(text)
    await pause(PACE_MS)
  }

  /** Goes, and does not come back. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#socket?.close()
    await this.#running
  }

  /** @returns whether it was acknowledged */
  async #sendOnce(room: number, content: string): Promise<boolean> {
    const socket = await this.ready()
    const ref = String(++this.#refs)
    const answer = await new Promise<Frame | undefined>((resolve) => {
      this.#answers.set(ref, resolve)
      socket.send({ type: 'message.send', ref, room, content, client_id: content })
    })
    if (answer?.type === 'error') this.faults.push(`${content}: ${answer.code}`)
    return answer?.type === 'ack'
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      this.#socket = await TestSocket.open(this.#url, { protocols: ['confab.v1', `bearer.${this.#token}`] }).catch(
        () => undefined,
      )
      const waitMs = this.#socket ? await this.#follow(this.#socket) : AGAIN_MS
      if (!this.#isOver) await pause(waitMs)
    }
  }

  /** Takes what a socket brings until it is closed. @returns when to come back */
  async #follow(socket: TestSocket): Promise<number> {
    socket.send({ type: 'hello', ...(this.#position ? { resume: this.#position } : {}) })
    for (;;) {
      const frame = await socket.next(undefined, SILENCE_MS).catch(() => undefined)
      if (!frame) break
      this.#take(frame, socket)
    }
    this.#isReady = false
    socket.terminate()
    for (const answer of this.#answers.values()) answer(undefined)
    this.#answers.clear()
    const { code, reason } = await socket.closed()
    const [name = '', after = AGAIN_MS] = reason.split(':')
    if (!this.#isOver) this.closes.push(`${code} ${name}`)
    return Number(after)
  }

  #take(frame: Frame, socket: TestSocket): void {
    if (frame.type === 'ready') this.#onReady(frame)
    else if (frame.type === 'ping') socket.send({ type: 'pong' })
    else if (frame.type === 'resync') this.faults.push(`resync of ${frame.topic}`)
    else if (typeof frame.topic === 'string') this.#onEvent(frame.topic, Number(frame.seq), frame)
    else if (typeof frame.ref === 'string') {
      this.#answers.get(frame.ref)?.(frame)
      this.#answers.delete(frame.ref)
    }
  }

  /** What was missed has been told by now, up to where `ready` is. */
  #onReady(frame: Frame): void {
    const ready: Position = { epoch: String(frame.epoch), positions: Object(frame.positions) }
    if (this.#position) {
      if (frame.resumed !== true) this.faults.push('begun afresh')
      for (const [topic, seq] of Object.entries(ready.positions)) {
        const told = this.#position.positions[topic]
        if (told !== seq) this.faults.push(`${topic}: ready at ${seq}, told up to ${told}`)
      }
    }
    this.#position = ready
    this.#isReady = true
  }

  #onEvent(topic: string, seq: number, frame: Frame): void {
    const positions = this.#position?.positions ?? {}
    const last = positions[topic]
    if (seq !== (last ?? 0) + 1) this.faults.push(`${topic}: ${seq} after ${last}`)
    positions[topic] = seq
    if (frame.type === 'message.created') {
      this.told.push(String(Reflect.get(Object(Reflect.get(Object(frame.data), 'message')), 'content')))
    }
  }
}
