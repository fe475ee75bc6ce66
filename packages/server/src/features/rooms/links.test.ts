import { randomUUID } from 'node:crypto'
import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { chatsOf, toldIn, toldTo } from './testing.ts'

const server = await startTestServer({ MAX_GROUP_MEMBERS: '3' })
const NOT_FOUND = { status: 404, body: { detail: 'No ChatRoom matches the given query.' } }

test('whoever has the link joins, once, and is told and told of', async () => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  const { id } = await server.group(alice, [bob])

  const { body: link } = await bob.get(`/api/chatrooms/${id}/shareable_link/`)
  const joined = await eve.post(`/api/chatrooms/join/${link.room_id}/`)
  const again = await eve.post(`/api/chatrooms/join/${link.room_id.toUpperCase()}/`)

  expect(link.url).toBe(`${server.url}/join/${link.room_id}`)
  expect(joined).toMatchObject({ status: 200, body: { id, member_count: 3, is_admin: false } })
  expect(again.body).toEqual(joined.body)
  expect(await toldIn(server, id)).toMatchObject([
    { type: 'member.added', data: { room: id, members: [{ id: eve.id }], added_by: null } },
  ])
  expect(await toldTo(server, eve)).toMatchObject([{ type: 'room.created', data: { room: { id } } }])
  expect((await eve.get('/api/notifications/')).body).toEqual([])
})

test('a renewed link voids the old one, a disabled one leads nowhere until it is renewed', async () => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  const { id } = await server.group(alice, [bob])
  const { body: old } = await alice.get(`/api/chatrooms/${id}/shareable_link/`)

  const { body: renewed } = await alice.post(`/api/chatrooms/${id}/shareable_link/`)
  expect(renewed.room_id).not.toBe(old.room_id)
  expect(await eve.post(`/api/chatrooms/join/${old.room_id}/`)).toMatchObject(NOT_FOUND)

  expect((await alice.delete(`/api/chatrooms/${id}/shareable_link/`)).status).toBe(204)
  expect(await bob.get(`/api/chatrooms/${id}/shareable_link/`)).toMatchObject(NOT_FOUND)
  expect(await eve.post(`/api/chatrooms/join/${renewed.room_id}/`)).toMatchObject(NOT_FOUND)

  const { body: enabled } = await alice.post(`/api/chatrooms/${id}/shareable_link/`)
  expect((await eve.post(`/api/chatrooms/join/${enabled.room_id}/`)).status).toBe(200)
})

test.each([randomUUID(), 'abc', '12', '%00', 'x'.repeat(200)])('%s leads nowhere', async (shareId) => {
  const eve = await server.person('eve')

  expect((await eve.post(`/api/chatrooms/join/${shareId}/`)).status).toBe(404)
})

test('the link of a deleted group leads nowhere', async () => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  const { id } = await server.group(alice, [bob])
  const { body: link } = await alice.get(`/api/chatrooms/${id}/shareable_link/`)
  await alice.delete(`/api/chatrooms/${id}/`)

  expect(await eve.post(`/api/chatrooms/join/${link.room_id}/`)).toMatchObject(NOT_FOUND)
})

test('of eight who join a group with one place left one gets in', async () => {
  const [alice, bob, ...others] = await server.people('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j')
  const { id } = await server.group(alice, [bob])
  const { body: link } = await alice.get(`/api/chatrooms/${id}/shareable_link/`)

  const replies = await Promise.all(others.map((person) => person.post(`/api/chatrooms/join/${link.room_id}/`)))

  expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1)
  expect(replies.filter((reply) => reply.status === 400)).toHaveLength(7)
  const lists = await Promise.all(others.map((person) => chatsOf(person)))
  expect(lists.filter((chats) => chats.length > 0)).toHaveLength(1)
})

test('somebody who joins eight times at once is in it once', async () => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  const { id } = await server.group(alice, [bob])
  const { body: link } = await alice.get(`/api/chatrooms/${id}/shareable_link/`)

  const replies = await Promise.all(Array.from({ length: 8 }, () => eve.post(`/api/chatrooms/join/${link.room_id}/`)))

  expect(replies.every((reply) => reply.status === 200)).toBe(true)
  expect(await toldTo(server, eve)).toHaveLength(1)
})

test('whoever has the link sees what it leads to, before they log in, and nobody else does', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob], 'Tea party')
  const { body: link } = await bob.get(`/api/chatrooms/${id}/shareable_link/`)
  const look = (shareId: string) => server.anonymous.get(`/api/chatrooms/join/${shareId}/`)

  expect(await look(link.room_id)).toMatchObject({
    status: 200,
    body: { chat_name: 'Tea party', group_image: null, member_count: 2 },
  })
  expect(await look(randomUUID())).toMatchObject(NOT_FOUND)
  expect(await look('nonsense')).toMatchObject(NOT_FOUND)

  await alice.delete(`/api/chatrooms/${id}/shareable_link/`)
  expect(await look(link.room_id)).toMatchObject(NOT_FOUND)
})
