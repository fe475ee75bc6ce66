/**
 * Messages between the worker processes of one machine, through the process that they are workers of; see
 * `worker-relay.ts` for its side. For machines that use several cores and no Redis.
 */
import type { ChildProcess } from 'node:child_process'
import type { Carrier, CarrierListener, Message } from './carrier.ts'

/** What a worker says to its primary. */
export type ToPrimary =
  | Readonly<{ confab: 'publish'; messages: readonly Message[] }>
  | Readonly<{ confab: 'follow'; subscribed: readonly string[]; unsubscribed: readonly string[] }>

/** What the primary says to a worker. */
export type ToWorker =
  | Readonly<{ confab: 'messages'; messages: readonly Message[] }>
  | Readonly<{ confab: 'followed'; channels: readonly string[] }>

/** This process, as a worker has it: with a way to its primary. */
type WorkerProcess = Pick<NodeJS.Process, 'on' | 'off' | 'connected'> & { send?: ChildProcess['send'] }

export class WorkerCarrier implements Carrier {
  readonly #process: WorkerProcess
  readonly #onMessage = (message: unknown) => this.#hear(message)
  #listener: CarrierListener | undefined
  #changed = new Map<string, boolean>()

  constructor(worker: WorkerProcess) {
    this.#process = worker
    worker.on('message', this.#onMessage)
  }

  get isUp(): boolean {
    return this.#process.connected
  }

  listen(listener: CarrierListener): void {
    this.#listener = listener
  }

  send(messages: readonly Message[]): Promise<void> {
    return this.#say({ confab: 'publish', messages })
  }

  subscribe(channel: string): void {
    this.#change(channel, true)
  }

  unsubscribe(channel: string): void {
    this.#change(channel, false)
  }

  close(): void {
    this.#listener = undefined
    this.#process.off('message', this.#onMessage)
  }

  /** What changes in one turn of the event loop is said together. */
  #change(channel: string, isWanted: boolean): void {
    if (this.#changed.size === 0) setImmediate(() => this.#sayChanges())
    this.#changed.set(channel, isWanted)
  }

  #sayChanges(): void {
    const changed = [...this.#changed]
    this.#changed = new Map()
    const listed = (wanted: boolean) =>
      changed.filter(([, isWanted]) => isWanted === wanted).map(([channel]) => channel)
    // Without its primary a worker ends; there is nobody to try again with.
    this.#say({ confab: 'follow', subscribed: listed(true), unsubscribed: listed(false) }).catch(() => {})
  }

  #say(message: ToPrimary): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#process.send || !this.isUp) reject(new Error('the primary is gone'))
      else this.#process.send(message, (error) => (error ? reject(error) : resolve()))
    })
  }

  #hear(message: unknown): void {
    if (!isToWorker(message)) return
    if (message.confab === 'followed') this.#listener?.onSubscribed(message.channels)
    else for (const [channel, text] of message.messages) this.#listener?.onMessage(channel, text)
  }
}

/** The channel to the primary carries other things too; what bears our mark was made by our own relay. */
function isToWorker(message: unknown): message is ToWorker {
  return hasMark(message) && (message.confab === 'messages' || message.confab === 'followed')
}

/** Whether this is something that a `WorkerCarrier` says. */
export function isToPrimary(message: unknown): message is ToPrimary {
  return hasMark(message) && (message.confab === 'publish' || message.confab === 'follow')
}

function hasMark(message: unknown): message is { confab: unknown } {
  return typeof message === 'object' && message !== null && 'confab' in message
}
