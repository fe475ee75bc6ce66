/** Forms as broken clients and attackers send them. */
import fc from 'fast-check'
import { wrongText } from './values.ts'

/** A body as it goes over the wire, with its content type. */
export type RawBody = Readonly<{ type: string; bytes: Buffer }>

const BOUNDARY = 'x-boundary-of-the-test'
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`

/** The first bytes of real formats, and then nothing that follows them. */
const pretended = [
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  Buffer.from('GIF89a\xff\xff\xff\xff', 'latin1'),
  Buffer.from('RIFF\xff\xff\xff\xffWEBPVP8 ', 'latin1'),
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"/>'),
  Buffer.from('PK\x03\x04'),
  Buffer.alloc(0),
  Buffer.from('not a picture'),
]

/** How one part may be wrong. */
const partArbitrary = (names: readonly string[]) =>
  fc.record({
    name: fc.oneof(fc.constantFrom(...names, '__proto__', '', 'n'.repeat(150), 'a"b', 'a\r\nb', '\0'), wrongText),
    header: fc.constantFrom(
      (name: string) => `Content-Disposition: form-data; name="${name}"`,
      (name: string) => `Content-Disposition: form-data; name=${name}`,
      (name: string) => `Content-Disposition: form-data; name="${name}"; filename="a.png"\r\nContent-Type: image/png`,
      (name: string) => `Content-Disposition: form-data; name="${name}"; filename="../../a\0.png"`,
      (name: string) => `Content-Disposition: form-data; name="${name}"; filename*=UTF-8''%ff%fe`,
      (name: string) => `Content-Disposition: attachment; filename="${name}"`,
      (name: string) => `content-disposition: form-data; name="${name}"\r\nContent-Transfer-Encoding: base64`,
      () => 'Content-Disposition: form-data',
      () => 'Content-Disposition:',
      () => 'X-Nothing: 1',
      () => '',
      () => `X-Long: ${'h'.repeat(20_000)}`,
    ),
    content: fc.oneof(
      fc.constantFrom(...pretended),
      wrongText.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
  })

/** Multipart bodies: broken parts, and broken borders between them. */
export function wrongMultipart(names: readonly string[]): fc.Arbitrary<RawBody> {
  const whole = fc
    .array(partArbitrary(names), { maxLength: 4 })
    .map((parts) =>
      Buffer.concat([
        ...parts.flatMap(({ name, header, content }) => [
          Buffer.from(`--${BOUNDARY}\r\n${header(name)}\r\n\r\n`),
          content,
          Buffer.from('\r\n'),
        ]),
        Buffer.from(`--${BOUNDARY}--\r\n`),
      ]),
    )
  const body = fc.tuple(whole, fc.double({ min: 0, max: 1, noNaN: true })).chain(([bytes, share]) =>
    fc.constantFrom(
      bytes,
      // Cut off in the middle, and twice the same.
      bytes.subarray(0, Math.floor(bytes.length * share)),
      Buffer.concat([bytes, bytes]),
      Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    ),
  )
  const type = fc.oneof(
    { weight: 6, arbitrary: fc.constant(MULTIPART) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'multipart/form-data',
        'multipart/form-data; boundary=',
        'multipart/form-data; boundary=another',
        `multipart/form-data; boundary="${BOUNDARY}`,
        `multipart/form-data; boundary=${'b'.repeat(500)}`,
        `multipart/mixed; boundary=${BOUNDARY}`,
      ),
    },
  )
  const many = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n`.repeat(2_001)
  return fc.oneof(
    { weight: 60, arbitrary: fc.record({ type, bytes: body }) },
    { weight: 1, arbitrary: fc.constant({ type: MULTIPART, bytes: Buffer.from(`${many}--${BOUNDARY}--`) }) },
  )
}

/** Urlencoded bodies. */
export function wrongUrlencoded(names: readonly string[]): fc.Arbitrary<RawBody> {
  const type = 'application/x-www-form-urlencoded'
  const field = fc.tuple(fc.constantFrom(...names, '__proto__', '', '%', 'a[b]'), wrongText)
  const encoded = fc.array(field, { maxLength: 6 }).map((fields) => new URLSearchParams(fields).toString())
  const raw = fc.constantFrom('%', '%ZZ=%ZZ', '&&&==', 'a=%ff%fe', 'a', '=', 'a=1&'.repeat(2_100), '%00=%00', '\0')
  return fc.oneof({ weight: 5, arbitrary: encoded }, { weight: 1, arbitrary: raw }).map((text) => ({
    type,
    bytes: Buffer.from(text),
  }))
}
