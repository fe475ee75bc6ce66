import type { EventMap } from '@confab/contract/events'
import { expectStatus, PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { beforeAll, expect, test } from 'vitest'
import { fetchRoom, fetchState, type Reader } from '../../../chaos/model/fetch.ts'
import { Follower } from '../../../chaos/model/follower.ts'
import { readServerFrame } from '../../../chaos/model/frames.ts'
import { describeState } from '../../../chaos/model/state.ts'

/** Whom the events are told to is bob; the others do things, or he does. */
type Cast = Readonly<{
  ada: Person
  bob: Person
  cyd: Person
  /** Knows nobody. */
  dan: Person
  /** A group of ada, its admin, with bob and cyd. */
  room: number
  /** A message of ada in it. */
  message: number
  /** The direct room of ada and bob, who are friends. */
  direct: number
  /** Requests of cyd to bob, and of bob to dan. */
  fromCyd: number
  toDan: number
}>

type Deed = (cast: Cast) => Promise<unknown>

const path = (room: number, rest = '') => `/api/chatrooms/${room}/${rest}`

/** For every durable event something that makes it. Total: an event without an entry does not compile. */
const deeds: { readonly [Name in keyof EventMap]: Deed } = {
  'message.created': ({ ada, room }) => ada.post(path(room, 'messages/'), { content: 'said' }),
  'message.updated': ({ ada, room, message }) => ada.patch(path(room, `messages/${message}/`), { content: 'meant' }),
  'message.deleted': ({ ada, room, message }) => ada.delete(path(room, `messages/${message}/`)),
  'room.created': ({ ada, bob, dan }) =>
    ada.post('/api/chatrooms/', { room_name: 'New', participant_ids: [bob.id, dan.id] }),
  'room.updated': ({ ada, room }) => ada.patch(path(room), { room_name: 'Renamed' }),
  'room.deleted': ({ ada, room }) => ada.delete(path(room)),
  'room.hidden': ({ bob, direct }) => bob.delete(path(direct)),
  'room.muted': ({ bob, room }) => bob.put(path(room, 'mute/'), { until: '2999-01-01T00:00:00Z' }),
  'member.added': ({ ada, room, dan }) => ada.post(path(room, 'add_members/'), { users: [dan.id] }),
  'member.removed': ({ ada, room, cyd }) => ada.post(path(room, 'remove_member/'), { user_id: cyd.id }),
  'member.role_changed': ({ ada, room, cyd }) => ada.post(path(room, 'assign_admin/'), { user_id: cyd.id }),
  'friend_request.created': ({ bob, dan, toDan }) =>
    bob
      .post(`/api/friend-requests/${toDan}/cancel/`)
      .then(() => dan.post('/api/friend-requests/', { to_user: bob.id })),
  'friend_request.accepted': ({ dan, toDan }) => dan.post(`/api/friend-requests/${toDan}/accept/`),
  'friend_request.rejected': ({ dan, toDan }) => dan.post(`/api/friend-requests/${toDan}/reject/`),
  'friend_request.cancelled': ({ cyd, fromCyd }) => cyd.post(`/api/friend-requests/${fromCyd}/cancel/`),
  'friend.added': ({ bob, fromCyd }) => bob.post(`/api/friend-requests/${fromCyd}/accept/`),
  'friend.removed': ({ ada, bob }) => ada.post(`/api/friends/${bob.id}/remove_friend/`),
  'user.updated': ({ bob }) => bob.patch('/api/profile/', { bio: 'changed', first_name: 'Robert' }),
  'user.deleted': ({ ada }) => ada.delete('/api/profile/', { current_password: PASSWORD }),
  'user.blocked': ({ bob, cyd }) => bob.post(`/api/users/${cyd.id}/block/`),
  'user.unblocked': ({ bob, dan }) => bob.delete(`/api/users/${dan.id}/block/`),
  'notification.created': ({ bob }) => bob.post('/api/notifications/', { message: 'do not forget' }),
  'notification.read': ({ bob, room }) => bob.post(path(room, 'mark_as_read/')),
  'notification.reopened': async ({ bob }) =>
    bob.patch(`/api/notifications/${await newestOf(bob)}/`, { is_read: false }),
  'notification.deleted': async ({ bob }) => bob.delete(`/api/notifications/${await newestOf(bob)}/`),
}

/** The id of the newest that somebody was told by the system. */
const newestOf = async (person: Person): Promise<number> =>
  expectStatus(await person.get('/api/notifications/?search=system'), 200).body[0].id

/** What has to be done before some of the deeds. */
const before: Partial<Record<keyof EventMap, Deed>> = {
  'user.unblocked': ({ bob, dan }) => bob.post(`/api/users/${dan.id}/block/`),
  'notification.reopened': async ({ bob }) => {
    await bob.post('/api/notifications/', { message: 'do not forget' })
    await bob.patch(`/api/notifications/${await newestOf(bob)}/`, { is_read: true })
  },
  'notification.deleted': ({ bob }) => bob.post('/api/notifications/', { message: 'do not forget' }),
}

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

async function makeCast(): Promise<Cast> {
  const [ada, bob, cyd, dan] = await server.people('ada', 'bob', 'cyd', 'dan')
  const { roomId: direct } = await server.befriend(ada, bob)
  const { id: room } = await server.group(ada, [bob, cyd])
  const message = expectStatus(await ada.post(path(room, 'messages/'), { content: 'siad' }), 201).body.id
  const request = async (from: Person, to: Person) =>
    expectStatus(await from.post('/api/friend-requests/', { to_user: to.id }), 201).body.id
  return { ada, bob, cyd, dan, room, message, direct, fromCyd: await request(cyd, bob), toDan: await request(bob, dan) }
}

const readerOf =
  (person: Person): Reader =>
  async (address) =>
    expectStatus(await person.get(address), 200).body

/** A client that has fetched what there is, and from then on lives by what its socket brings. */
class Model {
  readonly #person: Person
  readonly #socket: TestSocket
  readonly #follower: Follower
  readonly #filling: Promise<void>[] = []
  readonly wrong: string[] = []
  readonly names = new Set<string>()

  private constructor(person: Person, socket: TestSocket) {
    this.#person = person
    this.#socket = socket
    this.#follower = new Follower(person.id, {
      onFetch: (id, filling) => {
        const filled = fetchRoom(readerOf(person), id).then((room) => this.#follower.fill(room, filling))
        this.#filling.push(filled)
      },
      onViolation: (what) => this.wrong.push(what),
      onNote: () => {},
    })
  }

  static async begin(person: Person): Promise<Model> {
    const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/?token=${person.token}`)
    server.sockets.push(socket)
    const model = new Model(person, socket)
    socket.send({ type: 'hello' })
    while (!model.#follower.isReady) await model.#take()
    await model.settle()
    const { profile, friends, requests, blocked, notifications } = await fetchState(readerOf(person), person.id)
    const { state } = model.#follower
    state.profile = profile
    for (const id of friends) state.friends.add(id)
    for (const [id, request] of requests) state.requests.set(id, request)
    for (const id of blocked) state.blocked.add(id)
    for (const [id, notification] of notifications) state.notifications.set(id, notification)
    model.names.clear()
    return model
  }

  /** Takes everything that the log holds for this person. */
  async settle(): Promise<void> {
    const { realtime, notifications } = server.core.services
    const { readPosition } = realtime
    await notifications.settled(10_000)
    for (;;) {
      await Promise.all(this.#filling.splice(0))
      const own = `user:${this.#person.id}` as const
      const reached = this.#follower.positions().get(own) === (await readPosition(own))
      const ids = [...(await fetchState(readerOf(this.#person), this.#person.id)).rooms.keys()]
      const positions = await Promise.all(ids.map((id) => readPosition(`room:${id}`)))
      const behind = ids.filter((id, index) => this.#follower.positions().get(`room:${id}`) !== positions[index])
      if (!reached || behind.length > 0) await this.#take()
      else if (!this.#follower.isFilling) return
    }
  }

  describe() {
    return describeState(this.#follower.state)
  }

  async #take(): Promise<void> {
    const frame = readServerFrame(JSON.stringify(await this.#socket.next()))
    if (!frame) this.wrong.push('a frame that is none of the contract’s')
    else if (frame.kind === 'ready') this.#follower.onReady(frame.ready)
    else if (frame.kind === 'resync') this.#follower.onResync(frame.topic, frame.seq)
    else if (frame.kind === 'signal') this.#follower.onSignal(frame.signal)
    else if (frame.kind === 'event') {
      this.names.add(frame.event.type)
      this.#follower.onEvent(frame.event)
    }
  }
}

const entries = Object.entries(deeds)

test.each(entries)('after %s a client knows by the event what it would be given if it asked', async (name, deed) => {
  const cast = await makeCast()
  await Object.entries(before).find(([wanted]) => wanted === name)?.[1]?.(cast)
  const model = await Model.begin(cast.bob)
  const known = model.describe()

  await deed(cast)
  await model.settle()

  expect(model.wrong).toEqual([])
  expect([...model.names]).toContain(name)
  expect(model.describe()).not.toEqual(known)
  expect(model.describe()).toEqual(describeState(await fetchState(readerOf(cast.bob), cast.bob.id)))
})
