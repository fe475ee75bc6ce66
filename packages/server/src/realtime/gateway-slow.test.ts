/** Clients that do not take what they are sent, and what they get when they come back. */
import { TypingChanged } from '@confab/contract/typing/events'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame } from '@confab/testkit/socket'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { greetGateway, type Position } from './testing.ts'

/** For what takes its time on a machine that has other things to do. */
const PATIENCE_MS = 30_000

let server: TestServer
let ada: Person
let bob: Person
let room: number

beforeAll(async () => {
  // Without notifications, so that nothing else comes than what the test sends.
  server = await startTestServer({ MAX_MESSAGE_CHARS: '100000', NOTIFY_MAX_MEMBERS: '0' })
  ;[ada, bob] = await server.people('ada', 'bob')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob])).id
})

const start = (resume?: Position) => greetGateway(server, bob, resume)

const say = (content: string) => ada.post(`/api/chatrooms/${room}/messages/`, { content })
const sayMuch = () => say('x'.repeat(100_000))

/** So many people that a signal which names them has 100 KB. */
const crowd = Array.from({ length: 2_500 }, (_, index) => ({
  id: index + 1,
  username: `somebody with the name ${index}`,
}))

/** Tells the room that all of them type. */
function signal(): void {
  const data = { room, user: { id: ada.id, username: ada.username }, is_typing: true, typists: crowd }
  server.core.services.realtime.signal(TypingChanged, room, data)
}

/** A value of `/metrics`; 0 where there is none. */
async function count(series: string): Promise<number> {
  const { body } = await server.anonymous.get('/metrics')
  const line = String(body)
    .split('\n')
    .find((one) => series.split(' ').every((part) => one.includes(part)) && !one.startsWith('#'))
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1))
}

const numbersOf = (frames: readonly Frame[]) =>
  frames.filter(({ type }) => type === 'message.created').map(({ seq }) => Number(seq))

const rising = (first: number, length: number) => Array.from({ length }, (_, index) => first + index)

describe('a client that does not read', () => {
  test('loses signals before events, then its socket, and goes on from where it was', async () => {
    const { socket, ready } = await start()
    const first = (ready.positions[`room:${room}`] ?? 0) + 1
    const closes = () => count('confab_socket_closes_total reason="slow_consumer"')
    const closedBefore = await closes()
    const droppedBefore = await count('confab_signals_dropped_total')
    let signals = 0
    let said = 1

    socket.pause()
    await say('before the signals')
    while ((await count('confab_signals_dropped_total')) === droppedBefore) {
      for (let time = 0; time < 5; time++) signal()
      signals += 5
    }
    const dropped = (await count('confab_signals_dropped_total')) - droppedBefore
    expect(await closes()).toBe(closedBefore)
    for (; (await closes()) === closedBefore; said++) await sayMuch()
    socket.resume()

    // The server waits two seconds for the answer to its close frame: whoever reads later than that is cut off.
    expect([4008, 1006]).toContain((await socket.closed(PATIENCE_MS)).code)
    const came = socket.pending()
    expect(came.filter(({ type }) => type === 'typing')).toHaveLength(signals - dropped)
    const told = numbersOf(came)
    expect(told.length).toBeGreaterThan(3)
    expect(told).toEqual(rising(first, told.length))
    await say('while away')
    said += 1
    const { epoch } = ready
    const positions = { ...ready.positions, [`room:${room}`]: told.at(-1) ?? 0 }
    const { before } = await start({ epoch, positions })
    expect([...told, ...numbersOf(before)]).toEqual(rising(first, said))
  })
})
