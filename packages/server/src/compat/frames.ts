import type { TSchema } from 'typebox'
import { type Absolutize, compileAbsolutize } from '../http/absolute-urls.ts'
import { buildFrame, type SharedFrame } from '../realtime/frame.ts'

/** How the data of an event becomes an old frame. */
export type Translation = Readonly<{ absolutize: Absolutize; toFrame: (data: Record<string, unknown>) => object }>

/** Declares a translation, with the schema of the frame it makes. */
export function translate(schema: TSchema, toFrame: Translation['toFrame']): Translation {
  return { absolutize: compileAbsolutize(schema), toFrame }
}

const built = new WeakMap<object, Map<string, SharedFrame>>()

/** The frame of an event for callers who reach the server under a base URL; built once for all of them. */
export function sharedFrame(
  event: { data: Record<string, unknown> },
  { absolutize, toFrame }: Translation,
  baseUrl: string,
): SharedFrame {
  const frames = built.get(event) ?? new Map<string, SharedFrame>()
  const known = frames.get(baseUrl)
  if (known) return known
  const frame = buildFrame(absolutize(toFrame(event.data), baseUrl))
  frames.set(baseUrl, frame)
  built.set(event, frames)
  return frame
}
