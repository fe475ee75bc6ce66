import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'

let server: TestServer
let ada: Person
let bob: Person

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob] = await server.people('ada', 'bob')
})

/** Three events of a topic of which the first two are gone before any server has heard of them. */
async function lose(topic: 'room' | 'user', id: number): Promise<void> {
  await server.database.kysely.transaction().execute(async (tx) => {
    const data = JSON.stringify({ of: topic })
    const payloads = sql`array_fill(${data}::jsonb, ARRAY[3])`
    const ids = sql`array_fill(${id}::bigint, ARRAY[3])`
    const types = sql`array_fill('nobody.knows'::text, ARRAY[3])`
    const { rows } = await (topic === 'room'
      ? sql<{ seq: number }>`
          SELECT seq FROM record_room_events(${ids}, ${types}, array_fill(NULL::bigint, ARRAY[3]), ${payloads})`
      : sql<{ seq: number }>`SELECT seq FROM record_user_events(${ids}, ${types}, ${payloads})`
    ).execute(tx)
    const last = Math.max(...rows.map(({ seq }) => seq))
    await (topic === 'room'
      ? sql`DELETE FROM room_events WHERE room_id = ${id} AND seq < ${last}`
      : sql`DELETE FROM user_events WHERE user_id = ${id} AND seq < ${last}`
    ).execute(tx)
  })
  await server.core.services.realtime.hub.checkTopics([`${topic}:${id}`])
}

test.each([
  ['chat', 'room', (room: number) => `/ws/chat/${room}/`],
  ['sidebar', 'room', () => '/ws/sidebar/'],
  ['sidebar', 'user', () => '/ws/sidebar/'],
  ['notifications', 'user', () => '/ws/notifications/'],
] as const)(
  'the %s socket, which knows no resync, is closed where events of its %s are lost',
  async (_, topic, pathOf) => {
    const room = await server.group(ada, [bob])
    const socket = await ada.connect(pathOf(room.id))

    await lose(topic, topic === 'room' ? room.id : ada.id)

    expect(await socket.closed(20_000)).toEqual({ code: 4009, reason: 'log_lost' })
  },
)
