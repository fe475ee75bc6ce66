import type { Topic } from '@confab/contract/define-event'

/** An event of the log, as it travels from where it was committed to the sockets. */
export type LoggedEvent = Readonly<{ topic: Topic; seq: number; type: string; data: Record<string, unknown> }>

/** A passing state: not logged, not numbered, lost without harm. */
export type Signal = Readonly<{ topic: Topic; type: string; data: Record<string, unknown> }>

/** What one server tells all others, itself included, for example that a session has ended. */
export type Notice = Readonly<{ type: string; data: Record<string, unknown> }>

/** Who listens to a bus: the hub for topics, any part of the server for notices. */
export type BusListener = Readonly<{
  onEvent(event: LoggedEvent): void
  onSignal(signal: Signal): void
  onNotice(notice: Notice): void
  /** The topic has reached this number by an event that was not carried: the log has it. */
  onPosition(topic: Topic, seq: number): void
  /** What others published on these topics may not have been heard until now. */
  onUnheard(topics: readonly Topic[]): void
}>

/**
 * Carries what was committed from the server that did it to all servers. It may lose, repeat or reorder: the hub puts
 * that right with the log. Publishing never fails and never waits.
 */
export interface Bus {
  publishEvents(events: readonly LoggedEvent[]): void
  publishSignal(signal: Signal): void
  publishNotice(notice: Notice): void
  /** One listener a process, set once before anything is published. */
  listen(listener: BusListener): void
  /** Which topics this server wants to hear of; a bus that tells everything to everyone ignores it. */
  follow(topic: Topic): void
  unfollow(topic: Topic): void
  /** Messages given to other servers, got from them, and not taken; all since the start. */
  readonly stats: Readonly<{ published: number; received: number; dropped: number }>
  /** For `/readyz`: whether other servers can be reached, in a word. */
  state(): 'up' | 'down'
  close(): Promise<void>
}
