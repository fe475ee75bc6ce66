/**
 * What is decided on one server and must take effect on all of them at once. The other server here looks at nothing by
 * itself from time to time, and believes what it has looked up for ever: only the bus can have told it.
 */
import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { type Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { withoutIntervals } from './testing.ts'

const isMissing = missingRedis() !== undefined

/** Nothing but the bus would bring it at all, so that this is for a machine that is busy. */
const SOON_MS = 20_000

describe.skipIf(isMissing)('on the other of two servers with one Redis', async () => {
  const redis = isMissing ? undefined : await startTestRedis()
  let one: TestServer
  let other: TestServer
  let ada: Person
  let bob: Person

  beforeAll(async () => {
    one = await startTestServer({ REDIS_URL: redis?.url ?? '' })
    other = await withoutIntervals(() => one.node())
    await vi.waitFor(async () => expect((await other.anonymous.get('/readyz')).body.bus).toBe('up'), {
      timeout: SOON_MS,
    })
  })

  beforeEach(async () => {
    ;[ada, bob] = await one.people('ada', 'bob')
  })

  /** A socket of the other server's gateway that is ready. */
  async function greet(person: Person): Promise<TestSocket> {
    const socket = await hello(person)
    await socket.next('ready', SOON_MS)
    return socket
  }

  async function hello(person: Person): Promise<TestSocket> {
    const url = `${other.url.replace('http', 'ws')}/ws/`
    const socket = await TestSocket.open(url, { protocols: ['confab.v1', `bearer.${person.token}`] })
    other.sockets.push(socket)
    socket.send({ type: 'hello' })
    return socket
  }

  const say = (room: number, content: string) => ada.post(`/api/chatrooms/${room}/messages/`, { content })

  describe('a session', () => {
    /** The same person, logged in once more. */
    async function logIn(person: Person): Promise<Person> {
      const { body } = await one.anonymous.post('/api/login/', { identifier: person.username, password: PASSWORD })
      const again = one.as(person)
      again.token = body.tokens.access
      return Object.assign(again, { refresh: body.tokens.refresh })
    }

    const NEW_PASSWORD = 'another-horse-battery-7'
    const change = { old_password: PASSWORD, new_password: NEW_PASSWORD, confirm_password: NEW_PASSWORD }

    test.each<[string, (phone: Person, laptop: Person) => Promise<{ status: number }>]>([
      ['a logout', (phone) => phone.post('/api/logout/', { refresh_token: phone.refresh })],
      [
        'whoever ends it from another session',
        async (_phone, laptop) => {
          const [latest] = (await laptop.get('/api/sessions/')).body
          return laptop.delete(`/api/sessions/${latest.id}/`)
        },
      ],
      ['whoever ends all others', (_phone, laptop) => laptop.delete('/api/sessions/')],
      ['a new password', (_phone, laptop) => laptop.patch('/api/profile/', change)],
      [
        'the deletion of the account',
        (_phone, laptop) => laptop.delete('/api/profile/', { current_password: PASSWORD }),
      ],
    ])('is ended by %s: its token is refused and its sockets are closed', async (_what, end) => {
      const phone = await logIn(bob)
      const here = other.as(phone)
      const sockets = [await greet(phone), await here.connect('/ws/sidebar/'), await here.connect('/ws/notifications/')]
      expect((await here.get('/api/profile/')).status).toBe(200)
      // What was looked up stays as fresh as it is.
      vi.useFakeTimers({ toFake: ['Date'] })
      onTestFinished(() => void vi.useRealTimers())

      expect((await end(phone, bob)).status).toBeLessThan(300)

      for (const socket of sockets) expect(await socket.closed(SOON_MS)).toMatchObject({ code: 4501 })
      expect((await here.get('/api/profile/')).status).toBe(401)
      expect(await (await hello(phone)).closed(SOON_MS)).toMatchObject({ code: 4502 })
      await expect(here.connect('/ws/sidebar/')).rejects.toThrow('403')
    })
  })

  describe('a membership', () => {
    const isOf = (room: number) => (frame: Frame) => frame.topic === `room:${room}`

    /** Two groups of both, and a socket of Bob's on the other server that has heard of the first by the bus. */
    async function startRooms() {
      const [room, fence] = [(await one.group(ada, [bob])).id, (await one.group(ada, [bob])).id]
      const socket = await greet(bob)
      // A topic that was not followed before is heard a moment after its socket opened.
      for (const id of [room, fence]) {
        await say(id, 'welcome')
        await socket.nextWhere((frame) => isOf(id)(frame) && frame.type === 'message.created', SOON_MS)
      }
      return { room, fence, socket }
    }

    /** What came of a room until now: what is said in another afterwards has come, too. */
    async function heardOf(room: number, { fence, socket }: { fence: number; socket: TestSocket }): Promise<unknown[]> {
      const before = socket.pending().length
      await say(fence, 'and now?')
      await expect.poll(() => socket.pending().slice(before).some(isOf(fence))).toBe(true)
      return socket
        .pending()
        .filter(isOf(room))
        .map(({ type }) => type)
    }

    test.each<[string, string, (room: number) => Promise<{ status: number }>]>([
      ['a removal', 'member.removed', (room) => ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })],
      ['leaving', 'member.removed', (room) => bob.post(`/api/chatrooms/${room}/leave_room/`)],
      ['the end of the group', 'room.deleted', (room) => ada.delete(`/api/chatrooms/${room}/`)],
    ])('ends with %s: the socket is told that, and nothing more of the room', async (_what, last, end) => {
      const { room, fence, socket } = await startRooms()

      expect((await end(room)).status).toBeLessThan(300)
      await say(room, 'without Bob')

      expect((await heardOf(room, { fence, socket })).at(-1)).toBe(last)
    })

    test('begins with being added: the socket is told of the room and of what is said in it from then on', async () => {
      const socket = await greet(bob)
      // The topic of a person is heard a moment after their socket opened, too.
      await one.group(ada, [bob], 'first')
      await socket.next('room.created', SOON_MS)
      const room = (await one.group(ada, [await one.person('cyd')])).id
      await say(room, 'before Bob')

      await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [bob.id] })
      expect(await socket.next('room.created', SOON_MS)).toMatchObject({ data: { room: { id: room } } })
      await socket.nextWhere((frame) => frame.type === 'resync' && isOf(room)(frame), SOON_MS)
      await say(room, 'with Bob')

      expect(await socket.next('message.created', SOON_MS)).toMatchObject({
        data: { message: { content: 'with Bob' } },
      })
    })
  })
})
