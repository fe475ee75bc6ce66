import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Address, LOOPBACK, onLoopback, toText } from './address.ts'
import { type Unit, UnitReader } from './units.ts'
import { Wire } from './wire.ts'

const waitFor = (check: () => void) => vi.waitFor(check, 20_000)

/** A server that keeps what it is told, and answers with how much that is by then. */
class Listener {
  readonly #http: Server
  readonly #sockets: WebSocketServer
  readonly heard: string[] = []
  connections = 0

  private constructor() {
    this.#http = createServer(async (request, response) => {
      const chunks: Buffer[] = await request.toArray()
      this.heard.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`)
      response.end(String(this.heard.length))
    })
    this.#sockets = new WebSocketServer({ server: this.#http })
    this.#sockets.on('connection', (socket) => {
      this.connections += 1
      socket.on('message', (data) => {
        this.heard.push(String(data))
        socket.send(String(this.heard.length))
      })
    })
  }

  static async start(): Promise<Listener> {
    const listener = new Listener()
    listener.#http.listen(0, LOOPBACK)
    await once(listener.#http, 'listening')
    return listener
  }

  get address(): Address {
    const address = this.#http.address()
    if (typeof address !== 'object' || address === null) throw new Error('it does not listen')
    return onLoopback(address.port)
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }
}

describe('a wire that repeats', () => {
  let first: Listener
  let second: Listener
  let wire: Wire
  let repeated: [kind: Unit['kind'], isAnswered: boolean][]
  let answers: number[]

  beforeEach(async () => {
    repeated = []
    answers = []
    first = await Listener.start()
    second = await Listener.start()
    wire = await Wire.open(first.address, {
      repetition: {
        onRepeat: ({ kind }, isAnswered) => repeated.push([kind, isAnswered]),
        onAnswer: (status) => answers.push(status),
      },
    })
  })

  afterEach(async () => {
    await wire.close()
    await first.stop()
    await second.stop()
  })

  async function connect() {
    const socket = new WebSocket(`ws://${toText(wire.address)}/`, { perMessageDeflate: false })
    const heard: string[] = []
    socket.on('message', (data) => heard.push(String(data)))
    socket.on('error', () => {})
    await once(socket, 'open')
    return { socket, heard }
  }

  const post = async (body: string) => {
    const response = await fetch(`http://${toText(wire.address)}/things`, { method: 'POST', body })
    return response.text()
  }

  test('passes everything on once as long as it is not told to repeat', async () => {
    const { socket, heard } = await connect()
    socket.send('one')
    socket.send('two')
    await waitFor(() => expect(heard).toEqual(['1', '2']))
    await post('three')

    expect(first.heard).toEqual(['one', 'two', 'POST /things three'])
    expect(repeated).toEqual([])
  })

  test('lets each message of a socket arrive twice in a row, and both answers come back', async () => {
    const { socket, heard } = await connect()
    wire.repeatTo = second.address
    const long = 'so '.repeat(30_000)
    socket.send('short')
    socket.ping()
    socket.send(long)
    await waitFor(() => expect(heard).toEqual(['1', '2', '3', '4']))

    expect(first.heard).toEqual(['short', 'short', long, long])
    expect(second.heard).toEqual([])
    expect(repeated).toEqual([
      ['message', true],
      ['message', true],
    ])
  })

  test('makes each request once more at another server, whose answer the client does not get', async () => {
    wire.repeatTo = second.address

    expect(await post('hello')).toBe('1')
    await waitFor(() => expect(answers).toEqual([200]))
    expect(await post('so '.repeat(30_000))).toBe('2')
    await waitFor(() => expect(answers).toEqual([200, 200]))
    expect(second.heard).toEqual(first.heard)
    expect(repeated).toEqual([
      ['request', false],
      ['request', false],
    ])
  })

  test('doubles a connection: a second server is told the same, and the client hears the first alone', async () => {
    wire.doubleTo = second.address
    const { socket, heard } = await connect()
    socket.send('one')
    socket.send('two')
    await waitFor(() => expect(second.heard).toEqual(['one', 'two']))
    await waitFor(() => expect(heard).toEqual(['1', '2']))

    expect(first.heard).toEqual(['one', 'two'])
    expect(second.connections).toBe(1)
    expect(repeated).toEqual([
      ['handshake', false],
      ['message', false],
      ['message', false],
    ])

    wire.cutDoubles()
    socket.send('three')
    await waitFor(() => expect(heard).toEqual(['1', '2', '3']))
    expect(second.heard).toEqual(['one', 'two'])
  })
})

describe('what a client says', () => {
  const request = (body: string) =>
    `POST /things HTTP/1.1\r\nhost: any\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  const handshake = 'GET /ws/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

  function frame(opcode: number, text: string): Buffer {
    const payload = Buffer.from(text)
    const mask = Buffer.from([1, 2, 3, 4])
    const long = Buffer.alloc(2)
    long.writeUInt16BE(payload.length)
    const head = payload.length < 126 ? [opcode, 0x80 | payload.length] : [opcode, 0x80 | 126, ...long]
    return Buffer.concat([Buffer.from(head), mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
  }

  test('is found whole, whatever pieces it comes in, and no byte is lost or moved', () => {
    const said = Buffer.concat([
      Buffer.from(request('') + request('héllo') + request('so '.repeat(100)) + handshake),
      frame(0x81, 'short'),
      frame(0x89, 'a ping'),
      frame(0x81, 'löng '.repeat(60)),
      frame(0x01, 'begun, '),
      frame(0x80, 'and ended'),
      frame(0x81, ''),
    ])
    const wanted = ['request', 'request', 'request', 'handshake', 'message', 'control', 'message']
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: said.length }), { maxLength: 60 }), (cuts) => {
        const reader = new UnitReader()
        const ends = [...new Set([...cuts, said.length])].sort((one, other) => one - other)
        const pieces = ends.flatMap((end, index) => reader.read(said.subarray(ends[index - 1] ?? 0, end)))
        const units = pieces.flatMap(({ unit }) => unit ?? [])

        expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(said)).toBe(true)
        expect(Buffer.concat(units.map(({ bytes }) => bytes)).equals(said)).toBe(true)
        expect(units.map(({ kind }) => kind)).toEqual([...wanted, 'control', 'control', 'message'])
        expect(units.flatMap((unit) => (unit.kind === 'message' ? unit.text : []))).toEqual([
          'short',
          'löng '.repeat(60),
          '',
        ])
      }),
    )
  })

  test('is passed on as it is where its end is not to be seen', () => {
    const reader = new UnitReader()
    const chunked = Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
    const pieces = [chunked, Buffer.from(request('more'))].flatMap((chunk) => reader.read(chunk))

    expect(pieces.map(({ unit }) => unit)).toEqual([undefined, undefined])
  })
})
