/** Malformed frames, made from the frames that the sockets take. */
import type { SocketDefinition } from '@confab/contract/define-socket'
import fc from 'fast-check'
import { wrongIdText, wrongJsonText, wrongText, wrongValue } from './values.ts'

/** A frame as it goes over the wire: text, or bytes where it is binary. */
export type RawFrame = string | Buffer

/** Frames that are wrong in at least one place. */
export function malformedFrame(socket: SocketDefinition, knownIds: readonly number[]): fc.Arbitrary<RawFrame> {
  const keys = [...new Set([...socket.takes.flatMap((frame) => Object.keys(frame.properties)), 'type', 'action'])]
  const names = socket.takes.flatMap((frame) => Object.values(frame.properties).flatMap(constantIn))
  const name = fc.oneof(fc.constantFrom('typing', 'mark_read', 'message.send', ...names), wrongText, wrongValue)
  const value = fc.oneof(wrongValue, wrongIdText, wrongText, fc.constantFrom<unknown>(...knownIds))
  const object = fc
    .tuple(
      fc.constantFrom('type', 'action'),
      name,
      fc.array(fc.tuple(fc.constantFrom(...keys, '__proto__', 'room', 'ref', ''), value), { maxLength: 3 }),
    )
    .map(([kind, word, others]) => JSON.stringify({ ...Object.fromEntries(others), [kind]: word, wrong: 1 }))
  const cut = fc.tuple(object, fc.nat(30)).map(([text, length]) => text.slice(0, -length))
  const binary = fc.oneof(fc.uint8Array({ maxLength: 50 }).map(Buffer.from), object.map(Buffer.from))
  return fc
    .oneof(
      { weight: 8, arbitrary: object },
      { weight: 3, arbitrary: wrongJsonText },
      { weight: 2, arbitrary: cut },
      { weight: 1, arbitrary: binary },
      { weight: 1, arbitrary: wrongValue.map((one) => JSON.stringify(one)) },
    )
    .map((frame) => (frame.length > 60_000 ? frame.slice(0, 60_000) : frame))
}

function constantIn(schema: object): string[] {
  return 'const' in schema && typeof schema.const === 'string' ? [schema.const] : []
}

/** Bytes that are no frames, and frames beyond the bound: the socket that gets one is closed, with this code. */
export const lastWords: readonly { name: string; write: 'frame' | 'bytes'; data: Buffer; code: number }[] = [
  { name: 'a frame that is too large', write: 'frame', data: Buffer.alloc(70_000, 'a'), code: 1009 },
  { name: 'text that is not UTF-8', write: 'bytes', data: masked(0x81, Buffer.from([0xc0, 0xff])), code: 1007 },
  { name: 'an unknown kind of frame', write: 'bytes', data: masked(0x83, Buffer.from('x')), code: 1002 },
  { name: 'a reserved bit', write: 'bytes', data: masked(0xf1, Buffer.from('x')), code: 1002 },
  { name: 'a frame without a mask', write: 'bytes', data: Buffer.from([0x81, 0x01, 0x78]), code: 1002 },
  { name: 'a ping that is too long', write: 'bytes', data: masked(0x89, Buffer.alloc(125), 126), code: 1002 },
  { name: 'the rest of nothing', write: 'bytes', data: masked(0x80, Buffer.from('x')), code: 1002 },
]

/** A frame with a mask of zeros (RFC 6455, 5.2), so that its payload stands as it is. */
function masked(first: number, payload: Buffer, length = payload.length): Buffer {
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, 0, length]
  return Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), payload])
}
