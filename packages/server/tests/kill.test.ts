import type { Reply } from '@confab/testkit/api'
import { userIdOf } from '@confab/testkit/server'
import { expect, test, vi } from 'vitest'
import { kill, postmasterOf, query, useCli } from '../src/cli/testing.ts'
import { expectConsistent } from './consistency.ts'
import {
  apiOf,
  type Community,
  type Draft,
  foundCommunity,
  type Message,
  type Room,
  readHistory,
  send,
} from './kill/community.ts'
import { Watcher } from './kill/watcher.ts'

const ROUNDS = 10
const SENDERS = 64

/** Acknowledged sends before the first kill. */
const LEAST = 120

/** In these rounds Postgres dies together with the server, as at a power cut. */
const POWER_CUTS = new Set([3, 7])

const { serve, newDataDir } = useCli({ isOnDisk: true })

test(`after each of ${ROUNDS} kills during ${SENDERS}-way sends, all that was acknowledged is there once and in order`, async () => {
  const dataDir = newDataDir()
  const env = { DATA_DIR: dataDir, RATE_LIMIT_FACTOR: '0', LOG_LEVEL: 'error' }
  let server = await serve(env)
  const community = await foundCommunity(server.url)
  const ledger: Ledger = { acknowledged: new Map(), uncertain: new Map() }
  let retriedNew = 0

  for (let round = 0; round < ROUNDS; round++) {
    const watchers = await watchAll(community, server.url)
    const enough = Promise.withResolvers<void>()
    const goal = ledger.acknowledged.size + LEAST + 40 * round
    const senders = Array.from({ length: SENDERS }, (_, place) =>
      keepSending({ community, url: server.url, ledger, place, round }, () => {
        if (ledger.acknowledged.size >= goal) enough.resolve()
      }),
    )
    // Whoever fails before the kill is a failure of the test.
    await Promise.race([enough.promise, Promise.all(senders)])
    const more = POWER_CUTS.has(round) ? [await postmasterOf(dataDir)] : []
    await kill(server, ...more)
    await Promise.all(senders)
    expect(ledger.uncertain.size, 'sends under way at the kill').toBeGreaterThan(0)

    server = await serve(env)
    const reconnected = await watchAll(community, server.url)
    await expectKept(community, server.url, ledger)
    expectToldAreKept(watchers, reconnected)

    retriedNew += await retryUncertain(community, server.url, ledger)
    await expectKept(community, server.url, ledger)
    await expectConsistent((sql) => query(dataDir, sql))
    await expectScreensComplete(community, server.url, reconnected)
    for (const watcher of [...watchers, ...reconnected]) watcher.close()
  }

  expect(ledger.acknowledged.size).toBeGreaterThan(ROUNDS * LEAST)
  expect(retriedNew, 'sends that the kills had swallowed').toBeGreaterThan(0)
  await vi.waitFor(async () => expect(await query(dataDir, NOT_TOLD_ONCE)).toEqual([]), { timeout: 30_000 })
  expect(await query(dataDir, WRONGLY_READ_NOTIFICATIONS)).toEqual([])
  await expectChatLists(community, server.url, dataDir)
}, 600_000)

/** What became of every draft so far, by its client_id. */
type Ledger = {
  readonly acknowledged: Map<string, Message & { room: number }>
  readonly uncertain: Map<string, Draft>
}

type Sender = { community: Community; url: string; ledger: Ledger; place: number; round: number }

/** Sends one message after the other until the server is gone; every eighth sender reads the room in between. */
async function keepSending(sender: Sender, onAcknowledged: () => void): Promise<void> {
  const { community, url, ledger, place, round } = sender
  const room = pick(community.rooms, place)
  const person = pick(room.people, Math.floor(place / community.rooms.length))
  for (let count = 0; ; count++) {
    const draft = { person, room: room.id, clientId: `${round}-${place}-${count}` }
    ledger.uncertain.set(draft.clientId, draft)
    const reply = await untilKilled(send(community, url, draft))
    if (!reply) return
    expect(reply).toMatchObject({ status: 201, body: { client_id: draft.clientId } })
    acknowledge(ledger, draft, reply)
    onAcknowledged()
    if (place % 8 !== 0) continue
    const read = await untilKilled(apiOf(community, url, person).post(`/api/chatrooms/${room.id}/mark_as_read/`))
    if (!read) return
    expect(read.status).toBe(200)
  }
}

/** The reply, or undefined where the connection broke: what became of the call is then unknown. */
function untilKilled(call: Promise<Reply>): Promise<Reply | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof TypeError) return undefined
    throw error
  })
}

function acknowledge(ledger: Ledger, draft: Draft, reply: Reply): void {
  ledger.uncertain.delete(draft.clientId)
  ledger.acknowledged.set(draft.clientId, { ...reply.body, room: draft.room })
}

/** Sends again what nobody had acknowledged. @returns how many of them had not been stored */
async function retryUncertain(community: Community, url: string, ledger: Ledger): Promise<number> {
  const drafts = [...ledger.uncertain.values()]
  // Twice at once, as a client does that has lost patience: still they land once.
  const replies = await Promise.all(
    drafts.map((draft) => Promise.all([send(community, url, draft), send(community, url, draft)])),
  )
  for (const [index, [first, second]] of replies.entries()) {
    expect([first.status, second.status].sort()).toEqual([
      200,
      first.status === 201 || second.status === 201 ? 201 : 200,
    ])
    expect(first.body.id).toBe(second.body.id)
    acknowledge(ledger, pick(drafts, index), first)
  }
  return replies.flat().filter((reply) => reply.status === 201).length
}

/** Every room has each acknowledged message once, in order, without gaps, and nothing that nobody sent. */
async function expectKept(community: Community, url: string, ledger: Ledger): Promise<void> {
  const histories = await Promise.all(
    community.rooms.map((room) => readHistory(community, url, room, pick(room.people, 0))),
  )
  for (const [index, history] of histories.entries()) {
    const room = pick(community.rooms, index)
    expect(history.map((message) => message.no)).toEqual(history.map((_, place) => place + 1))
    expect(isStrictlyRising(history.map((message) => message.id))).toBe(true)
    expect(isStrictlyRising(history.map((message) => Date.parse(message.timestamp)))).toBe(true)
    const ids = new Map(history.map((message) => [message.client_id, message.id]))
    expect(ids.size, 'a client_id is stored once').toBe(history.length)
    for (const [clientId, message] of ledger.acknowledged) {
      if (message.room === room.id) expect([clientId, ids.get(clientId)]).toEqual([clientId, message.id])
    }
    for (const { client_id } of history) {
      expect(ledger.acknowledged.has(client_id) || ledger.uncertain.has(client_id), client_id).toBe(true)
    }
  }
}

function isStrictlyRising(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0))
}

function watchAll(community: Community, url: string): Promise<Watcher[]> {
  return Promise.all(community.rooms.map((room) => Watcher.connect(community, url, room)))
}

/** No socket was told of anything that is not there any more, and each was told without gaps. */
function expectToldAreKept(before: readonly Watcher[], after: readonly Watcher[]): void {
  for (const [index, watcher] of before.entries()) {
    const told = watcher.told().map((message) => message.no)
    expect(told, 'told in order').toEqual(told.map((_, place) => (told[0] ?? 0) + place))
    const kept = new Map(
      pick(after, index)
        .seen()
        .map((message) => [message.id, message]),
    )
    for (const message of watcher.seen()) {
      expect(kept.get(message.id)).toMatchObject({ no: message.no, content: message.content })
    }
  }
}

/** Whoever reconnected, fetched, and listened since then sees what the server has. */
async function expectScreensComplete(community: Community, url: string, watchers: readonly Watcher[]): Promise<void> {
  for (const watcher of watchers) {
    const stored = (await readHistory(community, url, watcher.room, pick(watcher.room.people, 0))).map(idOf)
    await vi.waitFor(() => expect(watcher.seen().map(idOf)).toEqual(stored), { timeout: 30_000 })
  }
}

const idOf = (message: Message) => message.id

/** Messages and members other than their senders, between whom there is not exactly one notification. */
const NOT_TOLD_ONCE = `
  SELECT m.id FROM messages m JOIN room_members rm ON rm.room_id = m.room_id AND rm.user_id <> m.sender_id
  LEFT JOIN (SELECT user_id, message_id, count(*) FROM notifications GROUP BY user_id, message_id) n
    ON n.user_id = rm.user_id AND n.message_id = m.id
  WHERE n.count IS DISTINCT FROM 1`

const WRONGLY_READ_NOTIFICATIONS = `
  SELECT n.id FROM notifications n JOIN room_members rm ON rm.room_id = n.room_id AND rm.user_id = n.user_id
  WHERE n.message_no IS NOT NULL AND n.is_read <> (n.message_no <= rm.read_no)`

/** The chat list of each person has the newest message and the unread count of every room. */
async function expectChatLists(community: Community, url: string, dataDir: string): Promise<void> {
  for (const [person, token] of community.tokens.entries()) {
    const { body } = await apiOf(community, url, person).get('/api/chatrooms/')
    const mine = community.rooms.filter((room) => room.people.includes(person))
    expect(body.results).toHaveLength(mine.length)
    for (const room of mine) {
      const chat = body.results.find((one: Room) => one.id === room.id)
      const newest = (await readHistory(community, url, room, person)).at(-1)
      expect(chat.last_message).toMatchObject({ id: newest?.id, content: newest?.content })
      expect([chat.unread_count]).toEqual(await query(dataDir, unreadOf(userIdOf(token), room.id)))
    }
  }
}

function unreadOf(userId: number, roomId: number): string {
  return `
    SELECT count(*)::int FROM messages m JOIN room_members rm ON rm.room_id = m.room_id AND rm.user_id = ${userId}
    WHERE m.room_id = ${roomId} AND m.no > rm.read_no AND m.sender_id <> ${userId}`
}

function pick<T>(list: readonly T[], place: number): T {
  const one = list[place % list.length]
  if (one === undefined) throw new Error('the list is empty')
  return one
}
