import type { Bus, BusListener, LoggedEvent, Notice, Signal } from './bus.ts'

/** The bus of a server that is alone: what is published is heard at once, in the same process. */
export class MemoryBus implements Bus {
  #listener: BusListener | undefined
  readonly stats = { published: 0, received: 0, dropped: 0 }

  listen(listener: BusListener): void {
    this.#listener = listener
  }

  publishEvents(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#listener?.onEvent(event)
  }

  publishSignal(signal: Signal): void {
    this.#listener?.onSignal(signal)
  }

  publishNotice(notice: Notice): void {
    this.#listener?.onNotice(notice)
  }

  follow(): void {}

  unfollow(): void {}

  state(): 'up' {
    return 'up'
  }

  async close(): Promise<void> {
    this.#listener = undefined
  }
}
