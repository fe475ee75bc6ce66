import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { BatchedInsert } from '../baselines/batched-insert.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import { WORDS } from '../seed/words.ts'
import { call, inParallel, makeRoom, nth } from '../subject.ts'
import type { RowGroup } from './context.ts'

const ROOMS = 20
const MEMBERS = 5
const MESSAGES = 10_000

const SENDS_AT_ONCE = 32
const LOOK_MS = 250

/** What a message leaves behind, but for its notifications, of which there is one for each other member. */
const tables = ['messages', 'room_events', 'message_search'] as const

/** What a notification leaves behind: several that come at the same time share an event. */
const told = ['notifications', 'user_events'] as const

/** Space on disk that is used for good. */
export const disk: RowGroup = {
  name: 'disk',
  about: `bytes on disk of each of ${MESSAGES} messages of some hundred characters, sent to ${ROOMS} rooms of ${MEMBERS}`,
  worksAnywhere: false,
  async *run() {
    const server = await startOwnServer(await newDataDir())
    try {
      const messages = await BatchedInsert.open(server.databaseUrl)
      const before = await readSizes(server.database)
      await sendAll(server, messages)
      await messages.close()
      await consumed(server.database)
      const after = await readSizes(server.database)
      const grown = (table: string) => ((after.get(table) ?? 0) - (before.get(table) ?? 0)) / MESSAGES
      yield {
        name: 'disk: a message',
        unit: 'bytes',
        value: tables.reduce((sum, table) => sum + grown(table), 0),
        baseline: grown('baseline'),
        note: tables.map((table) => `${table} ${Math.round(grown(table))}`).join(', '),
      }
      const ofEach = (table: string) => grown(table) / (MEMBERS - 1)
      yield {
        name: 'disk: a notification',
        unit: 'bytes',
        value: told.reduce((sum, table) => sum + ofEach(table), 0),
        note: told.map((table) => `${table} ${Math.round(ofEach(table))}`).join(', '),
      }
    } finally {
      await server.stop()
    }
  },
}

/** Each message goes to the server and into the table of the baseline. */
async function sendAll(server: OwnServer, baseline: BatchedInsert): Promise<void> {
  const people = await server.people(MEMBERS * ROOMS)
  const rooms: number[] = []
  await inParallel(Array.from({ length: ROOMS }), 4, async (_, index) => {
    rooms[index] = await makeRoom(server, people.slice(index * MEMBERS, (index + 1) * MEMBERS), `Room ${index}`)
  })
  await inParallel(Array.from({ length: MESSAGES }), SENDS_AT_ONCE, async (_, index) => {
    const place = index % ROOMS
    const room = nth(rooms, place)
    const sender = nth(people, place * MEMBERS + (Math.floor(index / ROOMS) % MEMBERS))
    const content = makeText(index)
    await call(server, sender, `/api/chatrooms/${room}/messages/`, { content })
    await baseline.store(room, content)
  })
}

/** A text of 95 to 105 characters, the same each time; frequent words come more often, as in a real language. */
function makeText(index: number): string {
  let text = ''
  for (let place = 0; text.length < 95; place++) {
    const share = ((index * 7_919 + place * 104_729) % 10_007) / 10_007
    text += ` ${nth(WORDS, Math.floor(WORDS.length * share ** 2))}`
  }
  return text.slice(1, 106).trim()
}

/** Waits until the consumers of the log have made the notifications and the search index of all messages. */
async function consumed(database: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await database.query(
      `SELECT 1 FROM rooms r CROSS JOIN unnest(ARRAY['notifications', 'search']) AS c (name)
        WHERE r.event_seq > coalesce(
          (SELECT seq FROM consumer_positions p WHERE p.consumer = c.name AND p.room_id = r.id), 0)
        LIMIT 1`,
    )
    if (rows.length === 0) return
    await delay(LOOK_MS)
  }
}

/** The bytes of each table with its indexes, once nothing in it waits to be tidied up. */
async function readSizes(database: pg.Client): Promise<Map<string, number>> {
  await database.query('VACUUM')
  const { rows } = await database.query<{ name: string; bytes: number }>(
    `SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  )
  return new Map(rows.map((row) => [row.name, row.bytes]))
}
