import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { connect, until } from './clients.ts'

const server = await startTestServer()

/** A socket that notes whom the server has agreed to tell of. */
class Noting extends WebSocket {
  static watched: unknown[] = []

  override set onmessage(listener: ((event: MessageEvent) => void) | null) {
    super.onmessage = (event) => {
      const { type, data } = JSON.parse(String(event.data))
      if (type === 'ack' && 'people' in data) {
        Noting.watched = data.people.map((one: { user_id: number }) => one.user_id)
      }
      listener?.(event)
    }
  }
}

test('who has a new name is called by it wherever they are shown', async () => {
  const [ada, bob, cyd] = await server.people('ada', 'bob', 'cyd')
  const { roomId: direct } = await server.befriend(ada, bob)
  const { id: group } = await server.group(ada, [bob, cyd])
  const client = await connect(bob, { WebSocket: Noting })
  for (const room of [direct, group]) await client.rooms.loadRoom(room)
  await client.people.load()
  await expect.poll(() => Noting.watched).toContain(ada.id)
  const { friends } = client.state.people

  await ada.patch('/api/profile/', { first_name: 'Augusta', last_name: 'King' })
  await until(client, ({ rooms }) => rooms.byId[direct]?.chat_name === 'Augusta King')

  const { details, people, rooms } = client.state
  expect(people.friends).toMatchObject([{ id: ada.id, full_name: 'Augusta King' }])
  expect(people.friends).not.toBe(friends)
  expect(details[direct]?.chat_name).toBe('Augusta King')
  const names = details[group]?.participants.map(({ id, full_name: name }) => [id, name])
  expect(names).toEqual([
    [ada.id, 'Augusta King'],
    [bob.id, null],
    [cyd.id, null],
  ])
  expect([rooms.byId[group]?.chat_name, details[group]?.chat_name]).toEqual(['A group', 'A group'])
})
