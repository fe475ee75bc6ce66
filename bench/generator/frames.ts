/**
 * The frames of RFC 6455, section 5, as far as a load generator needs them. The generator counts far more frames than it
 * reads; measured, a client of `ws` costs as much for each as the server that sends it, and would be what is measured.
 */

/** What a frame is. */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

const FINAL = 0x80
const MASKED = 0x80
const OPCODE = 0x0f

/** A frame of a client. Clients must mask; with a key of zeros, which a server takes like any other, nothing changes. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length >= 65_536) throw new RangeError('a frame of the generator has less than 64 KB')
  const isShort = length < 126
  const start = isShort ? 6 : 8
  const frame = Buffer.alloc(start + length)
  frame[0] = FINAL | opcode
  frame[1] = MASKED | (isShort ? length : 126)
  if (!isShort) frame.writeUInt16BE(length, 2)
  payload.copy(frame, start)
  return frame
}

/** Takes the bytes of a server apart. Payloads are those of the wire: a compressed one stays compressed. */
export class FrameReader {
  readonly #onFrame: (opcode: number, payload: Buffer) => void
  #rest: Buffer | undefined

  /** @param onFrame is given a part of a larger buffer, to be copied if it is to be kept */
  constructor(onFrame: (opcode: number, payload: Buffer) => void) {
    this.#onFrame = onFrame
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    let place = 0
    for (;;) {
      const frame = measureFrame(bytes, place)
      if (!frame || frame.end > bytes.length) break
      this.#onFrame((bytes[place] ?? 0) & OPCODE, bytes.subarray(frame.start, frame.end))
      place = frame.end
    }
    this.#rest = place === bytes.length ? undefined : bytes.subarray(place)
  }
}

/** Where the payload of a frame starts and ends; undefined where not even its header is there. */
function measureFrame(bytes: Buffer, place: number): { start: number; end: number } | undefined {
  const short = (bytes[place + 1] ?? 0) & 0x7f
  const start = place + 2 + (short === 126 ? 2 : short === 127 ? 8 : 0)
  if (bytes.length < start) return undefined
  const length =
    short === 126 ? bytes.readUInt16BE(place + 2) : short === 127 ? Number(bytes.readBigUInt64BE(place + 2)) : short
  return { start, end: start + length }
}
