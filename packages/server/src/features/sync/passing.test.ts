import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'

let server: TestServer
let ada: Person
let bob: Person
let cyd: Person
let room: number

beforeAll(async () => {
  server = await startTestServer()
})

beforeEach(async () => {
  ;[ada, bob, cyd] = await server.people('ada', 'bob', 'cyd')
  room = (await server.group(ada, [bob, cyd])).id
})

/** A socket of the gateway that was told `ready`. */
async function start(person: Person, hello: object = {}): Promise<{ socket: TestSocket; ready: Frame }> {
  const socket = await person.connect('/ws/')
  socket.send({ type: 'hello', ...hello })
  return { socket, ready: await socket.next('ready') }
}

async function command(socket: TestSocket, type: string, data: object): Promise<Frame> {
  const ref = `${type} ${Math.random()}`
  socket.send({ type, ref, ...data })
  return socket.nextWhere((frame) => frame.ref === ref)
}

const shown = ({ id, username }: Person) => ({ id, username })

/** What a socket was told of typing so far, that it has not been asked for yet. */
async function toldOfTyping(socket: TestSocket): Promise<unknown[]> {
  await socket.ping()
  return socket.pending().flatMap((frame) => (frame.type === 'typing' ? [frame.data] : []))
}

describe('after ready', () => {
  test.each(['connects', 'resumes'])(
    'whoever %s hears who is typing, of each of their rooms where others are',
    async (how) => {
      const quiet = await server.group(ada, [bob])
      const foreign = await server.group(ada, [cyd])
      const { socket: adas } = await start(ada)
      const { socket: cyds } = await start(cyd)
      const { socket: first, ready } = await start(bob)
      await first.close()
      await command(adas, 'typing.start', { room: quiet.id })
      await command(adas, 'typing.stop', { room: quiet.id })
      await command(cyds, 'typing.start', { room: foreign.id })
      await command(adas, 'typing.start', { room })
      await command(cyds, 'typing.start', { room })

      const resume = { epoch: ready.epoch, positions: ready.positions }
      const { socket: bobs, ready: again } = await start(bob, how === 'resumes' ? { resume } : {})

      expect(again).toMatchObject({ resumed: how === 'resumes' })
      const typists = [shown(ada), shown(cyd)]
      expect(await toldOfTyping(bobs)).toEqual([{ room, user: shown(cyd), is_typing: true, typists }])
    },
  )

  test('one’s own typing is told with that of others, and not by itself', async () => {
    const alone = await server.group(ada, [bob])
    const { socket: adas } = await start(ada)
    const { socket: bobs } = await start(bob)
    await command(adas, 'typing.start', { room })
    await command(bobs, 'typing.start', { room })
    await command(bobs, 'typing.start', { room: alone.id })

    const { socket: another } = await start(bob)

    const typists = [shown(ada), shown(bob)]
    expect(await toldOfTyping(another)).toEqual([{ room, user: shown(ada), is_typing: true, typists }])
  })

  test('somebody in a single room hears of it also where many people type elsewhere', async () => {
    const [dan, eve] = await server.people('dan', 'eve')
    const elsewhere = await Promise.all(['one', 'two', 'three'].map((name) => server.group(ada, [bob], name)))
    const { id } = await server.group(dan, [eve])
    const { socket: adas } = await start(ada)
    const { socket: dans } = await start(dan)
    for (const other of elsewhere) await command(adas, 'typing.start', { room: other.id })
    await command(dans, 'typing.start', { room: id })

    const { socket: eves } = await start(eve)

    expect(await toldOfTyping(eves)).toEqual([{ room: id, user: shown(dan), is_typing: true, typists: [shown(dan)] }])
  })

  test('who watches people again gets their presence as it is by then', async () => {
    const { socket: first } = await start(bob)
    const before = await command(first, 'presence.watch', { users: [cyd.id] })
    await first.close()
    const { socket: cyds } = await start(cyd)
    await command(cyds, 'presence.set', { status: 'away' })

    const { socket: bobs } = await start(bob)
    const after = await command(bobs, 'presence.watch', { users: [cyd.id] })

    expect(before).toMatchObject({ data: { people: [{ user_id: cyd.id }] } })
    expect(after).toMatchObject({ data: { people: [{ user_id: cyd.id, online_status: true, status: 'away' }] } })
  })

  test('what was read meanwhile comes with the messages, and one’s own mark with ready', async () => {
    const { body: message } = await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'read this' })
    const { socket: first, ready } = await start(ada)
    await first.close()
    await bob.post(`/api/chatrooms/${room}/messages/${message.id}/mark_as_read/`)
    await cyd.post(`/api/chatrooms/${room}/mark_as_read/`)

    const resume = { epoch: ready.epoch, positions: ready.positions }
    await start(ada, { resume })
    const { body } = await ada.get(`/api/chatrooms/${room}/messages/`)
    const { ready: cyds } = await start(cyd)

    expect(body.results[0].read_statuses).toMatchObject([{ user: { id: bob.id } }, { user: { id: cyd.id } }])
    const rooms: unknown = cyds.rooms
    expect(rooms).toContainEqual(expect.objectContaining({ id: room, unread_count: 0, read_no: message.no }))
  })
})

test('who is removed while typing is told to have stopped, and to newcomers they are nobody', async () => {
  const { socket: bobs } = await start(bob)
  const { socket: cyds } = await start(cyd)
  await command(bobs, 'typing.start', { room })
  await cyds.next('typing')

  await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })

  const stopped = { room, user: shown(bob), is_typing: false, typists: [] }
  expect(await cyds.next('typing')).toEqual({ type: 'typing', data: stopped })
  const { socket: adas } = await start(ada)
  expect(await toldOfTyping(adas)).toEqual([])
})

const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('with another server', async () => {
  const redis = isMissing ? undefined : await startTestRedis()

  test('newcomers hear of typists there as soon as this server has heard of them, and not of those who were removed', async () => {
    const here = await startTestServer({ REDIS_URL: redis?.url ?? '' })
    const there = await here.node()
    const [dan, eve, fay] = await here.people('dan', 'eve', 'fay')
    const { id } = await here.group(dan, [eve, fay])
    const { socket: eves } = await start(here.as(eve))
    const { socket: fays } = await start(there.as(fay))
    // Again and again: what is told before Redis knows that this server follows the room is lost.
    const heard = async () => {
      await command(fays, 'typing.start', { room: id })
      return here.core.services.typing.listTypists(id)
    }
    await expect.poll(heard, { timeout: 15_000 }).toEqual([shown(fay)])

    const { socket: dans } = await start(here.as(dan))
    const told = await toldOfTyping(dans)
    await there.as(dan).post(`/api/chatrooms/${id}/remove_member/`, { user_id: fay.id })
    await eves.nextWhere((frame) => frame.type === 'member.removed')
    const { socket: later } = await start(here.as(eve))

    expect(told).toEqual([{ room: id, user: shown(fay), is_typing: true, typists: [shown(fay)] }])
    expect(await toldOfTyping(later)).toEqual([])
  })
})
