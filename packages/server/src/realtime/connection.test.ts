import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Connection, HEARTBEAT_MS } from './connection.ts'
import { buildFrame, stuckBytes } from './frame.ts'

const KB = 1024

/** Both ends of a socket, what the client has received, and what the owner and the session of the server's end were told. */
async function openPair({ framesPerSecond = 0, autoPong = true } = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', (socket) => resolve(socket)))
  const client = new WebSocket(`ws://127.0.0.1:${Reflect.get(Object(server.address()), 'port')}`, { autoPong })
  onTestFinished(() => client.terminate())
  const received: unknown[] = []
  client.on('message', (data) => received.push(JSON.parse(String(data)).name))
  const socket = await accepted
  const told = { texts: 0, refused: 0, beats: 0, dropped: 0, closing: [] as string[], closed: 0 }
  const session = {
    onText: () => void told.texts++,
    onBadFrame: () => void told.refused++,
    onBeat: () => void told.beats++,
    onClose: () => {},
  }
  const owner = {
    framesPerSecond,
    onDropped: () => void told.dropped++,
    onClosing: (reason: string) => void told.closing.push(reason),
    onClosed: () => void told.closed++,
  }
  const connection = new Connection(socket, session, owner)
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  return { client, socket, connection, received, told }
}

type Pair = Awaited<ReturnType<typeof openPair>>

/** A frame that the client knows by its name, of so many bytes. */
const frameOf = (name: string | number, bytes = 64 * KB) => buildFrame({ name, filling: '.'.repeat(bytes) })

/** The client reads no more, and the operating system takes no more for it. */
async function stall({ client, socket, connection }: Pair): Promise<void> {
  client.pause()
  for (let stuck = 0; stuck === 0 || stuck !== stuckBytes(socket); ) {
    stuck = stuckBytes(socket)
    if (stuck === 0) connection.send(frameOf('stalling'))
    for (let turn = 0; turn < 20; turn++) await setImmediate()
  }
}

/** What the client has received but for what made it stall, once it has got to the frame of this name. */
async function readUpTo({ client, received }: Pair, last: string | number): Promise<unknown[]> {
  client.resume()
  await vi.waitFor(() => expect(received.at(-1)).toBe(last), 10_000)
  return received.filter((name) => name !== 'stalling')
}

describe('a client that does not read', () => {
  test('loses ephemeral frames past 256 KB and no other, and gets them again when it has caught up', async () => {
    const pair = await openPair()
    const { socket, connection, told } = pair
    await stall(pair)
    connection.send(frameOf('signal', 10), { isEphemeral: true })
    for (const name of [1, 2, 3, 4, 5]) connection.send(frameOf(name))

    connection.send(frameOf('signal too many', 10), { isEphemeral: true })
    connection.send(frameOf('last'))

    expect(told).toMatchObject({ dropped: 1, closing: [] })
    expect(await readUpTo(pair, 'last')).toEqual(['signal', 1, 2, 3, 4, 5, 'last'])
    await vi.waitFor(() => expect(socket.bufferedAmount).toBe(0))
    connection.send(frameOf('signal again', 10), { isEphemeral: true })
    await readUpTo(pair, 'signal again')
    expect(told.dropped).toBe(1)
  })

  test('is closed past 1 MB, also where all of it was sent within one turn, and gets what was sent before', async () => {
    const pair = await openPair()
    const { client, connection, told } = pair
    await stall(pair)
    const closed = once(client, 'close')
    let sent = 0

    while (sent < 100 && connection.isOpen) connection.send(frameOf(sent++))

    expect(told.closing).toEqual(['slow_consumer'])
    expect(sent).toBeLessThanOrEqual(18)
    client.resume()
    const [code, reason] = await closed
    expect({ code, reason: String(reason) }).toEqual({ code: 4008, reason: 'slow_consumer' })
    const passed = pair.received.filter((name) => name !== 'stalling')
    expect(passed).toEqual(Array.from({ length: sent - 1 }, (_, index) => index))
  })

  test('gets all that a socket begins with, however much it is, and as much after it as otherwise', async () => {
    const pair = await openPair()
    const { connection, told } = pair
    await stall(pair)
    const opening = Array.from({ length: 60 }, (_, index) => index)
    const onTaken = vi.fn()

    connection.sendOpening(
      opening.map((name) => frameOf(name)),
      onTaken,
    )
    for (const name of ['a', 'b', 'c']) connection.send(frameOf(name))
    connection.send(frameOf('signal', 10), { isEphemeral: true })

    for (let turn = 0; turn < 20; turn++) await setImmediate()
    expect(onTaken).not.toHaveBeenCalled()
    expect(await readUpTo(pair, 'signal')).toEqual([...opening, 'a', 'b', 'c', 'signal'])
    expect(onTaken).toHaveBeenCalledOnce()
    expect(told).toMatchObject({ dropped: 0, closing: [] })
  })

  test('is closed past 1 MB after what it began with', async () => {
    const pair = await openPair()
    const { connection, told } = pair
    await stall(pair)
    connection.sendOpening([frameOf('opening', 3_000 * KB)], () => {})

    let sent = 0
    while (sent < 100 && connection.isOpen) connection.send(frameOf(sent++))

    expect(told.closing).toEqual(['slow_consumer'])
    expect(sent).toBeGreaterThan(15)
    expect(sent).toBeLessThanOrEqual(18)
  })

  test('frees what it began with when it is cut', async () => {
    const pair = await openPair()
    await stall(pair)
    const onTaken = vi.fn()
    pair.connection.sendOpening([frameOf('opening', 3_000 * KB)], onTaken)

    pair.client.terminate()

    await vi.waitFor(() => expect(onTaken).toHaveBeenCalledOnce())
    pair.connection.sendOpening([frameOf('too late')], onTaken)
    expect(onTaken).toHaveBeenCalledTimes(2)
  })
})

describe('the heartbeat', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  /** Until the next beat; nothing else is to happen at the same time. */
  function untilBeat({ told }: Pair): void {
    const { beats } = told
    for (let ms = 0; told.beats === beats && ms < HEARTBEAT_MS; ms += 500) vi.advanceTimersByTime(500)
    expect(told.beats).toBe(beats + 1)
  }

  /** Waits until it holds; on turns of the event loop, since the clock stands still. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await setImmediate()
  }

  test('cuts a client that answers nothing for 8 seconds, and not before', async () => {
    const pair = await openPair({ autoPong: false })
    untilBeat(pair)
    await once(pair.client, 'ping')

    vi.advanceTimersByTime(7_999)
    expect(pair.socket.readyState).toBe(WebSocket.OPEN)
    vi.advanceTimersByTime(1)

    const [code] = await once(pair.client, 'close')
    expect(code).toBe(1006)
    await until(() => pair.told.closed === 1)
  })

  test.each([
    ['a pong', { autoPong: true, answer: () => {} }],
    ['any frame', { autoPong: false, answer: (client: WebSocket) => client.send('{}') }],
  ])('goes on with a client that answers with %s', async (_, { autoPong, answer }) => {
    const pair = await openPair({ autoPong })
    for (let round = 0; round < 3; round++) {
      let isAnswered = false
      pair.socket.once('pong', () => {
        isAnswered = true
      })
      pair.socket.once('message', () => {
        isAnswered = true
      })
      untilBeat(pair)
      await once(pair.client, 'ping')
      answer(pair.client)
      await until(() => isAnswered)
    }

    vi.advanceTimersByTime(8_000)

    expect(pair.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('lets a client that cannot answer yet go on for as long as it takes what was sent before', async () => {
    const pair = await openPair()
    const { client, socket, connection } = pair
    await stall(pair)
    connection.sendOpening(
      Array.from({ length: 400 }, (_, index) => frameOf(index)),
      () => {},
    )
    untilBeat(pair)
    for (let round = 0; round < 2; round++) {
      const stuck = stuckBytes(socket)
      client.resume()
      await until(() => stuckBytes(socket) !== stuck)
      client.pause()
      vi.advanceTimersByTime(8_000)
      expect(socket.readyState).toBe(WebSocket.OPEN)
    }

    // What the operating systems still had room for when it stopped reading may count once more.
    for (let round = 0; round < 3; round++) {
      for (let turn = 0; turn < 50; turn++) await setImmediate()
      vi.advanceTimersByTime(8_000)
    }

    expect(socket.readyState).not.toBe(WebSocket.OPEN)
  })
})

describe('frames of a client', () => {
  const sendMany = ({ client }: Pair, count: number) => {
    for (let index = 0; index < count; index++) client.send('{}')
  }
  const toldOf = ({ told }: Pair, count: number) => vi.waitFor(() => expect(told.texts + told.refused).toBe(count))

  test('may come three times as many at once as in a second, and then as many as time has passed', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const pair = await openPair({ framesPerSecond: 4 })

    sendMany(pair, 20)
    await toldOf(pair, 20)
    expect(pair.told).toMatchObject({ texts: 12, refused: 8 })

    vi.advanceTimersByTime(500)
    sendMany(pair, 5)
    await toldOf(pair, 25)
    expect(pair.told).toMatchObject({ texts: 14, refused: 11 })
  })

  test('may come as many as they like where there is no limit', async () => {
    const pair = await openPair({ framesPerSecond: 0 })

    sendMany(pair, 500)

    await toldOf(pair, 500)
    expect(pair.told.refused).toBe(0)
  })
})
