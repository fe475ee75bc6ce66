import type { Message } from './carrier.ts'
import { isToPrimary, type ToWorker } from './worker-carrier.ts'

/** A worker as its primary has it. */
export type RelayedWorker = {
  send(message: ToWorker, onSent: (error: Error | null) => void): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'exit', listener: () => void): unknown
  isConnected(): boolean
}

/** Passes messages between workers, to those that follow the channel and not back to the sender. */
export class WorkerRelay {
  readonly #followers = new Map<string, Set<RelayedWorker>>()

  /** Takes a worker in, until it ends. */
  add(worker: RelayedWorker): void {
    worker.on('message', (message) => {
      if (!isToPrimary(message)) return
      if (message.confab === 'publish') this.#publish(worker, message.messages)
      else this.#follow(worker, message.subscribed, message.unsubscribed)
    })
    worker.once('exit', () => this.#unfollow(worker, [...this.#followers.keys()]))
  }

  /** How many channels are followed by any worker. */
  get size(): number {
    return this.#followers.size
  }

  #publish(sender: RelayedWorker, messages: readonly Message[]): void {
    const perWorker = new Map<RelayedWorker, Message[]>()
    for (const message of messages) {
      for (const worker of this.#followers.get(message[0]) ?? []) {
        if (worker === sender) continue
        const list = perWorker.get(worker)
        if (list) list.push(message)
        else perWorker.set(worker, [message])
      }
    }
    for (const [worker, list] of perWorker) say(worker, { confab: 'messages', messages: list })
  }

  #follow(worker: RelayedWorker, subscribed: readonly string[], unsubscribed: readonly string[]): void {
    for (const channel of subscribed) {
      const followers = this.#followers.get(channel)
      if (followers) followers.add(worker)
      else this.#followers.set(channel, new Set([worker]))
    }
    this.#unfollow(worker, unsubscribed)
    if (subscribed.length > 0) say(worker, { confab: 'followed', channels: subscribed })
  }

  #unfollow(worker: RelayedWorker, channels: readonly string[]): void {
    for (const channel of channels) {
      const followers = this.#followers.get(channel)
      if (followers?.delete(worker) && followers.size === 0) this.#followers.delete(channel)
    }
  }
}

/**
 * A worker that has just ended hears nothing any more, nor need it: whoever takes its place begins anew. Without somebody to
 * be told of it, Node would throw what failed where nobody can catch it, and the primary would end.
 */
function say(worker: RelayedWorker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {})
}
