import { finished, type Readable } from 'node:stream'
import type { Upload } from '@confab/contract/fields'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { ChatError } from '../chat-error.ts'
import { Form } from '../wire/form.ts'

/** What a form may weigh: its files together, and all that is no file together. */
export type FormLimits = Readonly<{ fileBytes: number; fieldBytes: number }>

/** Beyond these a form is refused; the contract's largest has a name, a picture and 500 members. */
const MAX_FIELDS = 2_000
const MAX_FILES = 4
const MAX_FIELD_NAME = 100

/**
 * Reads a form to its end, also one that is refused.
 *
 * @throws ChatError malformed_form, body_too_large
 */
export function readForm(headers: BusboyHeaders, stream: Readable, limits: FormLimits): Promise<Form> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, (string | Upload)[]>()
    const take = { file: counter(limits.fileBytes + MAX_FILES), field: counter(limits.fieldBytes) }
    const add = (name: string | undefined, value: string | Upload) => {
      // A part without a name, of which the types of busboy know nothing, is nobody's.
      if (name === undefined || isRefused) return
      const values = fields.get(name)
      if (values) values.push(value)
      else fields.set(name, [value])
    }
    let isRefused = false
    const fail = (error: unknown) => {
      // What was parsed already still comes, and each part of it may be one too many.
      if (isRefused) return
      isRefused = true
      fields.clear()
      stream.unpipe()
      stream.resume()
      // Whoever still sends when the connection is closed behind the answer may never see it: the rest is read over first.
      finished(stream, () => reject(error instanceof ChatError ? error : malformed(error)))
    }
    let busboy: BusboyInstance
    try {
      busboy = new Busboy({
        headers,
        limits: {
          fieldNameSize: MAX_FIELD_NAME,
          fieldSize: limits.fieldBytes,
          fileSize: limits.fileBytes + 1,
          fields: MAX_FIELDS,
          files: MAX_FILES,
        },
      })
    } catch (error) {
      fail(error)
      return
    }
    busboy.on('field', (name, value, nameCut, valueCut) => {
      const bytes = Buffer.byteLength(`${name}${value}`)
      if (nameCut || valueCut || !take.field(bytes)) fail(tooLarge(limits))
      else add(name, value)
    })
    busboy.on('file', (name, file, filename, _encoding, contentType) => {
      const chunks: Buffer[] = []
      file.on('data', (chunk: Buffer) => {
        if (take.file(chunk.length)) chunks.push(chunk)
        else fail(tooLarge(limits))
      })
      file.on('error', fail)
      // A file over the limit is kept cut, one byte too long: whoever takes it says so under the name of the field.
      file.on('end', () => add(name, { filename: filename ?? '', contentType, bytes: Buffer.concat(chunks) }))
    })
    busboy.on('fieldsLimit', () => fail(new ChatError('malformed_form', { reason: `more than ${MAX_FIELDS} fields` })))
    busboy.on('filesLimit', () => fail(new ChatError('malformed_form', { reason: `more than ${MAX_FILES} files` })))
    busboy.on('error', fail)
    busboy.on('finish', () => resolve(new Form(fields)))
    stream.on('error', fail)
    stream.pipe(busboy)
  })
}

/** Adds up bytes, and says whether there are not too many yet. */
function counter(limit: number): (bytes: number) => boolean {
  let sum = 0
  return (bytes) => {
    sum += bytes
    return sum <= limit
  }
}

function tooLarge({ fileBytes, fieldBytes }: FormLimits): ChatError {
  return new ChatError('body_too_large', { bytes: fileBytes + fieldBytes })
}

function malformed(error: unknown): ChatError {
  const reason = error instanceof Error ? error.message : 'the form is broken'
  return new ChatError('malformed_form', { reason }, { cause: error })
}
