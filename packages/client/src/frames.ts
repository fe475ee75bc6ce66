import type { EventMap, Ready, SignalMap } from './contract.gen.ts'

/** A durable event: the next of its topic, `room:<id>` or `user:<id>`. */
export type EventFrame = {
  [Name in keyof EventMap]: Readonly<{ type: Name; topic: string; seq: number; data: EventMap[Name] }>
}[keyof EventMap]

/** A passing state; a later one of the same kind replaces it. */
export type SignalFrame = {
  [Name in keyof SignalMap]: Readonly<{ type: Name; data: SignalMap[Name] }>
}[keyof SignalMap]

/** What is known of a topic is to be fetched anew; events after `seq` follow, 0 says that their number is not known. */
export type ResyncFrame = Readonly<{ type: 'resync'; topic: string; seq: number }>

/** What the server tells, in the order in which it is to be applied. */
export type Frame = Ready | ResyncFrame | EventFrame | SignalFrame

/** What a command was answered. */
export type AnswerFrame =
  | Readonly<{ type: 'ack'; ref?: string; data: unknown }>
  | Readonly<{
      type: 'error'
      ref?: string
      code: string
      message: string
      fields?: Readonly<Record<string, unknown>>
      retry_after_ms?: number
    }>

/** Everything that may come from the server. */
export type ServerFrame = Frame | AnswerFrame | Readonly<{ type: 'ping' }> | Readonly<{ type: 'pong' }>

/** Whether it is a durable event. Events of a newer server count, whatever their names. */
export function isEvent(frame: Frame): frame is EventFrame {
  return 'topic' in frame && frame.type !== 'resync'
}
