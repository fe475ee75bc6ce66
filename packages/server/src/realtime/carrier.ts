/** A message and the channel it is for. */
export type Message = readonly [channel: string, text: string]

/** Who is told what a carrier brings. */
export type CarrierListener = Readonly<{
  onMessage(channel: string, text: string): void
  /** From now on what others publish on these channels is heard. */
  onSubscribed(channels: readonly string[]): void
}>

/**
 * Takes messages to the other servers that listen to their channels: Redis, or between the workers of one machine the
 * process they belong to. It may bring what this server has sent back to it, and it may lose everything.
 */
export interface Carrier {
  /** Whether it is worth giving messages to. */
  readonly isUp: boolean
  /** One listener, set once. */
  listen(listener: CarrierListener): void
  /** Resolves when the messages are taken; rejects where some were not. */
  send(messages: readonly Message[]): Promise<void>
  subscribe(channel: string): void
  unsubscribe(channel: string): void
  close(): void
}
