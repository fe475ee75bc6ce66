/** The gateway's frames, read by what the contract says of them: anything else is not understood. */
import { durableEvents, type EventMap, type SignalMap, signals } from '@confab/contract/events'
import { Ack, GatewayError, Ready, Resync } from '@confab/contract/gateway/frames'
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { AnyEvent } from './apply.ts'

/** A durable event and its place in its topic. */
export type EventFrame = AnyEvent & Readonly<{ topic: string; seq: number }>

/** A signal and its data. */
export type SignalFrame = {
  [Name in keyof SignalMap]: Readonly<{ type: Name; data: SignalMap[Name] }>
}[keyof SignalMap]

export type ServerFrame =
  | Readonly<{ kind: 'ready'; ready: Ready }>
  | Readonly<{ kind: 'resync'; topic: string; seq: number }>
  | Readonly<{ kind: 'ack'; ack: Static<typeof Ack> }>
  | Readonly<{ kind: 'error'; error: Static<typeof GatewayError> }>
  | Readonly<{ kind: 'ping' | 'pong' }>
  | Readonly<{ kind: 'event'; event: EventFrame }>
  | Readonly<{ kind: 'signal'; signal: SignalFrame }>

const readyFrame = Compile(Ready)
const resyncFrame = Compile(Resync)
const ackFrame = Compile(Ack)
const errorFrame = Compile(GatewayError)

type AnyValidator = Validator<Record<never, never>, TSchema>

const eventFrames = new Map<string, AnyValidator>(
  durableEvents.map(({ name, data }) => [
    name,
    Compile(Type.Object({ type: Type.Literal(name), topic: Type.String(), seq: Type.Integer({ minimum: 1 }), data })),
  ]),
)

const signalFrames = new Map<string, AnyValidator>(
  signals.map(({ name, data }) => [name, Compile(Type.Object({ type: Type.Literal(name), data }))]),
)

/** Whether it is an event with the data that the contract declares under its name. */
function isEvent(value: unknown, type: string): value is EventFrame {
  return eventFrames.get(type)?.Check(value) ?? false
}

function isSignal(value: unknown, type: string): value is SignalFrame {
  return signalFrames.get(type)?.Check(value) ?? false
}

/** @returns the frame, or undefined where it is none of the contract's */
export function readServerFrame(text: string): ServerFrame | undefined {
  const value: unknown = JSON.parse(text)
  const type: unknown = Reflect.get(Object(value), 'type')
  if (typeof type !== 'string') return undefined
  if (type === 'ping' || type === 'pong') return { kind: type }
  if (type === 'ready') return readyFrame.Check(value) ? { kind: 'ready', ready: value } : undefined
  if (type === 'ack') return ackFrame.Check(value) ? { kind: 'ack', ack: value } : undefined
  if (type === 'error') return errorFrame.Check(value) ? { kind: 'error', error: value } : undefined
  if (type === 'resync') return resyncFrame.Check(value) ? { kind: 'resync', ...value } : undefined
  if (isEvent(value, type)) return { kind: 'event', event: value }
  return isSignal(value, type) ? { kind: 'signal', signal: value } : undefined
}

/** The names of all durable events. */
export const eventNames = new Set<string>(Object.keys(Object.fromEntries(eventFrames)))

export type { EventMap }
