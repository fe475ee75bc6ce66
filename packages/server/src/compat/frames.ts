import type { TSchema } from 'typebox'
import { FrameCache } from '../realtime/frame-cache.ts'
import { compileAbsolutize } from '../wire/absolute-urls.ts'

/** An event or signal, as far as a translation looks at it. */
export type Translatable = Readonly<{ data: Record<string, unknown> }>

/** How the data of an event becomes an old frame, rendered once for all who get it. */
export type Translation = FrameCache<Translatable>

/** Declares a translation, with the schema of the frame it makes. */
export function translate(schema: TSchema, toFrame: (data: Record<string, unknown>) => object): Translation {
  const absolutize = compileAbsolutize(schema)
  return new FrameCache((event, baseUrl) => absolutize(toFrame(event.data), baseUrl))
}
