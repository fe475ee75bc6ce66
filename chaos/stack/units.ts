/**
 * Reads what a client says to a server, whatever pieces it comes in, and finds where each request and each frame ends. A
 * stream of bytes cannot be repeated without breaking it; what is whole in it can.
 */

/** One whole thing that a client said, to the byte as it said it. */
export type Unit =
  | Readonly<{ kind: 'request'; bytes: Buffer }>
  /** The request after which frames follow. */
  | Readonly<{ kind: 'handshake'; bytes: Buffer }>
  /** A message of text in one frame, as all of the gateway's commands are. */
  | Readonly<{ kind: 'message'; bytes: Buffer; text: string }>
  /** Pings, pongs, closes, and parts of messages. */
  | Readonly<{ kind: 'control'; bytes: Buffer }>

/** Bytes as they came, with the unit that ends with the last of them. */
export type Piece = Readonly<{ bytes: Buffer; unit: Unit | undefined }>

const NOTHING = Buffer.alloc(0)
const HEAD_END = '\r\n\r\n'

/** The first byte of a text that is whole and not compressed. */
const WHOLE_TEXT = 0x81

export class UnitReader {
  /** What has come of the unit that is not whole yet. */
  #begun: Buffer = NOTHING
  /** `unknown` from where on the end of units is not to be seen: nothing is found any more. */
  #mode: 'requests' | 'frames' | 'unknown' = 'requests'

  /** @returns the same bytes, divided where units end */
  read(chunk: Buffer): Piece[] {
    const pieces: Piece[] = []
    let rest = chunk
    while (rest.length > 0) {
      const have = this.#begun.length === 0 ? rest : Buffer.concat([this.#begun, rest])
      const length = this.#lengthOf(have)
      if (length === undefined || length > have.length) {
        this.#begun = this.#mode === 'unknown' ? NOTHING : have
        pieces.push({ bytes: rest, unit: undefined })
        break
      }
      const taken = length - this.#begun.length
      pieces.push({ bytes: rest.subarray(0, taken), unit: this.#finish(have.subarray(0, length)) })
      this.#begun = NOTHING
      rest = rest.subarray(taken)
    }
    return pieces
  }

  /** How long the unit is that begins here; undefined where that is not known yet, or never will be. */
  #lengthOf(bytes: Buffer): number | undefined {
    if (this.#mode === 'requests') {
      const head = readHead(bytes)
      if (head?.length === undefined && head !== undefined) this.#mode = 'unknown'
      return head?.length
    }
    return this.#mode === 'frames' ? readFrameHead(bytes)?.length : undefined
  }

  #finish(bytes: Buffer): Unit {
    if (this.#mode === 'frames') return readFrame(bytes)
    if (!readHead(bytes)?.isHandshake) return { kind: 'request', bytes }
    this.#mode = 'frames'
    return { kind: 'handshake', bytes }
  }
}

/** @returns undefined where the head is not whole; its `length` is that of head and body, where the head tells it */
function readHead(bytes: Buffer): { length: number | undefined; isHandshake: boolean } | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end)
  const isChunked = /^transfer-encoding:/im.test(head)
  const body = Number(/^content-length:\s*(\d+)\s*$/im.exec(head)?.[1] ?? 0)
  const isHandshake = /^upgrade:\s*websocket\s*$/im.test(head)
  return { length: isChunked ? undefined : end + HEAD_END.length + body, isHandshake }
}

/** https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function readFrameHead(bytes: Buffer): { length: number; mask: Buffer; start: number } | undefined {
  const second = bytes[1]
  if (second === undefined) return undefined
  const short = second & 0x7f
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0
  const maskSize = second & 0x80 ? 4 : 0
  const start = 2 + extended + maskSize
  if (bytes.length < start) return undefined
  const payload = extended === 8 ? Number(bytes.readBigUInt64BE(2)) : extended === 2 ? bytes.readUInt16BE(2) : short
  return { length: start + payload, mask: bytes.subarray(start - maskSize, start), start }
}

function readFrame(bytes: Buffer): Unit {
  const head = readFrameHead(bytes)
  if (!head || bytes[0] !== WHOLE_TEXT) return { kind: 'control', bytes }
  const { mask, start } = head
  const payload = bytes.subarray(start).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return { kind: 'message', bytes, text: Buffer.from(payload).toString() }
}
