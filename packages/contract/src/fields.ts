/**
 * The vocabulary that every request and response schema is built from. Besides plain JSON Schema, request fields carry
 * the few hints that the server's body parser needs to treat text as the Django Chat API does (trimming, blank text).
 */
import Type, { type Static, type TSchema } from 'typebox'

/** What a file part of a form becomes once the server has read it: its bytes, at most `MAX_UPLOAD_MB` of them. */
export type Upload = Readonly<{ filename: string; contentType: string; bytes: Uint8Array }>

/** The largest integer that JSON clients can carry exactly; ids stay below it. */
export const MAX_ID = Number.MAX_SAFE_INTEGER

/** A database identity on the wire: a positive JSON integer. */
export const Id = Type.Integer({ minimum: 1, maximum: MAX_ID, examples: [42] })

/** An instant: ISO 8601 in UTC with milliseconds, for example `2026-11-22T11:15:35.136Z`. */
export const Timestamp = Type.String({ format: 'date-time', examples: ['2026-11-22T11:15:35.136Z'] })

/** An absolute URL of an image, or null where there is none. */
export const ImageUrl = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'uri',
  examples: ['https://chat.example.com/media/profile/5f0c9f3e1b7a4c0e'],
})

/** The same schema, with null allowed beside it. Works for schemas that state one `type`, objects included. */
export function nullable<T extends TSchema & { type?: unknown }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] })
}

/** How large the image of a message is: in pixels, as it is stored, which is upright. Null where there is no image. */
export const imageSize = {
  image_width: nullable(
    Type.Integer({
      minimum: 1,
      description: 'Pixels of the image, turned upright; null without one',
      examples: [1600],
    }),
  ),
  image_height: nullable(
    Type.Integer({
      minimum: 1,
      description: 'Pixels of the image, turned upright; null without one',
      examples: [1200],
    }),
  ),
}

/** What distinguishes one text field from another. `max` counts characters, not bytes or UTF-16 units. */
export type TextRules = {
  max?: number
  /** Whether `""` is a value; otherwise it is refused with "This field may not be blank." */
  blank?: boolean
  /** Passwords are taken as typed; all other text loses the white space around it. */
  trim?: boolean
  pattern?: string
  /** What the client is told when `pattern` or `format` does not hold. */
  message?: string
  format?: 'email'
  examples?: string[]
}

/** A text field of a request: trimmed, NUL refused, numbers taken as text, `max` characters at the most. */
export function text(rules: TextRules = {}) {
  const { max, blank = false, trim = true, message, ...rest } = rules
  return Type.String({
    ...rest,
    ...(blank ? {} : { minLength: 1 }),
    ...(max === undefined ? {} : { maxLength: max }),
    ...(trim ? {} : { 'x-untrimmed': true }),
    ...(message === undefined ? {} : { 'x-message': message }),
  })
}

/** An image of a multipart form. In JSON only null is possible, which removes the image that is there. */
export const ImageUpload = Type.Unsafe<Upload | null>({
  type: ['string', 'null'],
  format: 'binary',
  'x-upload': 'image',
  description: 'JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image',
})

/** A body that is absent: 204 answers and calls without parameters. */
export const Nothing = Type.Object({}, { title: 'Nothing' })

/** A plain sentence about what was done, `{"detail": "…"}`, with the one that it is where all goes well. */
export const detailOf = (sentence: string) =>
  Type.Object({ detail: Type.String() }, { title: 'Detail', 'x-example': { detail: sentence } })
