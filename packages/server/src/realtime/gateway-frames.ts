/** Events and signals as frames of the gateway, each rendered once for all sockets. */
import { durableEvents, signals } from '@confab/contract/events'
import { Ready } from '@confab/contract/gateway/frames'
import { Message } from '@confab/contract/messages/resources'
import Type from 'typebox'
import { type Absolutize, compileAbsolutize } from '../wire/absolute-urls.ts'
import type { LoggedEvent, Signal } from './bus.ts'
import { FrameCache } from './frame-cache.ts'

const absolutizers = new Map<string, Absolutize>(
  [...durableEvents, ...signals].map((definition) => [definition.name, compileAbsolutize(definition.data)]),
)

const unchanged: Absolutize = (value) => value
const absolutizeData = (type: string) => absolutizers.get(type) ?? unchanged

/** Durable events. */
export const eventFrames = new FrameCache<LoggedEvent>(({ type, topic, seq, data }, baseUrl) => ({
  type,
  topic,
  seq,
  data: absolutizeData(type)(data, baseUrl),
}))

/** Signals. */
export const signalFrames = new FrameCache<Signal>(({ type, data }, baseUrl) => ({
  type,
  data: absolutizeData(type)(data, baseUrl),
}))

/** The image URLs of `ready` under the caller's base URL. */
export const absolutizeReady = compileAbsolutize(Ready)

/** Those of what a command answers. */
export const absolutizeReply = compileAbsolutize(Type.Object({ message: Message }))
