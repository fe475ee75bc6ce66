import { ConfabError } from '@confab/client/errors'
import { MemoryOutbox } from '@confab/client/outbox/store'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { clientOf, connect, until } from './clients.ts'
import { Requests } from './requests.ts'

const server = await startTestServer()

test('an account is deleted with its password only, which ends the login and leaves no outbox', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { roomId } = await server.befriend(ada, bob)
  const client = await connect(ada)
  const told: unknown[] = []
  client.on('logged_out', () => told.push('logged out'))
  const refused = await client.deleteAccount('not my password').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ConfabError)
  expect(refused).toMatchObject({ status: 400, fields: { current_password: ['Current password is incorrect.'] } })
  expect(client.state.me?.id).toBe(ada.id)
  client.stop()
  client.send(roomId, 'never sent')

  await client.deleteAccount(PASSWORD)

  expect(await client.http.tokens()).toBeUndefined()
  expect(client.state.outbox).toEqual([])
  expect(client.state.me).toBeUndefined()
  expect(
    await clientOf(ada)
      .api.accounts.getProfile()
      .catch((error: unknown) => error),
  ).toMatchObject({ status: 401 })
})

test('an account that is deleted is left by choice, although its sockets are closed before the answer comes', async () => {
  const ada = await server.person('ada')
  const requests = new Requests()
  const outbox = new MemoryOutbox()
  const client = await connect(ada, { fetch: requests.fetch, outbox })
  const ended = new Promise((resolve) => client.on('logged_out', resolve))
  requests.isLate = (url) => url.endsWith('/profile/')
  client.send(88_888, 'refused')
  await until(client, (state) => state.outbox[0]?.status === 'failed')

  const leaving = client.deleteAccount(PASSWORD)
  expect(await ended).toBe('logout')
  requests.release()
  await leaving

  expect(await outbox.load(`${server.url} ${ada.id}`)).toEqual([])
})

test('open clients of others show the deleted person wherever they showed who it was', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { roomId: direct } = await server.befriend(ada, bob)
  const { id: group } = await server.group(ada, [bob])
  for (const room of [direct, group]) await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'mine' })
  await bob.post(`/api/chatrooms/${group}/messages/`, { content: 'bob’s' })
  const client = await connect(bob)
  for (const room of [direct, group]) {
    client.messages.open(room)
    await client.rooms.loadRoom(room)
    await until(client, ({ windows }) => windows[room] !== undefined)
  }
  await client.people.load()

  await ada.delete('/api/profile/', { current_password: PASSWORD })
  const name = `deleted:${ada.id}`
  const senders = (room: number) => client.state.windows[room]?.messages.map(({ sender }) => sender.username)
  await until(client, () => [direct, group].every((room) => senders(room)?.includes(name)))
  await until(client, ({ people }) => people.friends.length === 0)

  expect(senders(direct)).toEqual([name])
  expect(senders(group)).toEqual([name, bob.username])
  const { rooms, details } = client.state
  expect(rooms.byId[direct]).toMatchObject({ chat_name: 'Deleted user', last_message: { sender_name: name } })
  expect(rooms.byId[group]).toMatchObject({ chat_name: 'A group', last_message: { sender_name: bob.username } })
  expect(details[direct]?.participants.map(({ username }) => username)).toContain(name)
  expect(details[group]?.participants.map(({ id }) => id)).toEqual([bob.id])
  expect(details[group]?.is_admin).toBe(true)
})
