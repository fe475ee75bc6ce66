/** What must hold when everything has come to rest. */
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '../client/actions.ts'
import type { Ledger, Send } from '../client/ledger.ts'
import { fetchChats, fetchHistory, fetchRoom } from '../model/fetch.ts'
import { describeRoom, shorten } from '../model/state.ts'
import type { Stack } from '../stack/stack.ts'
import { until } from '../stack/waiting.ts'
import type { Trace } from '../trace.ts'
import { FLAWS, listEdits, listSeats, listStored, NOT_NOTIFIED, type Seat, type Stored } from './truth.ts'

/** What is checked, and against what. */
export type Outcome = Readonly<{ stack: Stack; actors: readonly Actor[]; ledger: Ledger; trace: Trace }>

/** How long background work may take to catch up. */
const BACKGROUND_MS = 120_000

export async function checkAll(outcome: Outcome): Promise<void> {
  await checkFlaws(outcome)
  await checkSends(outcome)
  await checkEdits(outcome)
  await checkHistories(outcome)
  await checkModels(outcome)
  await checkUnread(outcome)
  await checkNotifications(outcome)
}

async function checkFlaws({ stack, trace }: Outcome): Promise<void> {
  for (const [flaw, sql] of Object.entries(FLAWS)) {
    const rows = await stack.postgres.query(sql)
    if (rows.length > 0) trace.violation(`the database has ${flaw}: ${JSON.stringify(rows.slice(0, 5))}`)
  }
}

/** What was acknowledged is there once, as it was acknowledged; what was not is there at most once. */
async function checkSends({ stack, ledger, trace }: Outcome): Promise<void> {
  const stored = Map.groupBy(await listStored(stack.postgres), (message) => message.clientId)
  const rooms = new Set((await listSeats(stack.postgres)).map(({ room }) => room))
  for (const send of ledger.sends.values()) {
    if (!rooms.has(send.room)) continue
    const problem = judgeSend(send, stored.get(send.clientId) ?? [])
    if (problem) trace.violation(`${send.clientId} in room ${send.room} ${problem}`, `room:${send.room}`)
  }
  for (const clientId of stored.keys()) {
    if (!ledger.sends.has(clientId)) trace.violation(`${clientId} is stored, and nobody sent it`)
  }
}

function judgeSend(send: Send, found: readonly Stored[]): string | undefined {
  if (send.state === 'open') return 'was neither acknowledged nor refused'
  if (found.length > 1) return `is stored ${found.length} times`
  const [message] = found
  if (send.state === 'refused') return message && message.room !== send.room ? 'is in another room' : undefined
  if (!message) return `was acknowledged as ${send.id} and is not stored`
  if (message.id !== send.id) return `was acknowledged as ${send.id} and is stored as ${message.id}`
  if (message.room !== send.room || message.sender !== send.sender) return 'is in another room or of another sender'
  if (send.deleted === 'yes' && !message.isDeleted) return 'is there, and its deletion was acknowledged'
  if (send.deleted === 'no' && message.isDeleted) return 'is deleted, and nobody deleted it'
  if (message.isDeleted) return undefined
  const may = new Set([send.edited ?? send.content, ...send.perhapsEdited])
  return may.has(message.content) ? undefined : `reads ${shorten(message.content)}, not as it was sent or edited last`
}

/** However often an edit came to a server, it was told once: each has a text of its own. */
async function checkEdits({ stack, ledger, trace }: Outcome): Promise<void> {
  for (const { clientId, room, told } of await listEdits(stack.postgres)) {
    const asked = ledger.sends.get(clientId)?.edits ?? 0
    if (told > asked) trace.violation(`${told} edits of ${clientId} were told, ${asked} asked for`, `room:${room}`)
  }
}

/** The list of a room's messages, page by page, has each that is not deleted once and in order. */
async function checkHistories({ stack, actors, trace }: Outcome): Promise<void> {
  const stored = Map.groupBy(await listStored(stack.postgres), (message) => message.room)
  const readers = new Map((await listSeats(stack.postgres)).map(({ room, user }) => [room, user]))
  for (const [room, user] of readers) {
    const client = actors.find((actor) => actor.client.id === user)?.client
    const history = await fetchHistory((path) => client?.read(path) ?? Promise.resolve(undefined), room)
    const wanted = (stored.get(room) ?? []).flatMap(({ id, isDeleted }) => (isDeleted ? [] : [id]))
    const listed = history.map(({ id }) => id)
    if (!isDeepStrictEqual(listed, wanted)) {
      trace.violation(`the list of room ${room} has ${listed.length} messages of ${wanted.length}`, `room:${room}`)
    }
  }
}

/** What each client knows is what it would be given if it asked now. */
async function checkModels({ actors, trace }: Outcome): Promise<void> {
  for (const { client } of actors) {
    for (const room of client.follower.rooms) {
      const fresh = await fetchRoom((path) => client.read(path), room.id)
      const from = Math.max(room.firstNo, fresh.firstNo)
      const [known, wanted] = [describeRoom(room, from), describeRoom(fresh, from)]
      if (isDeepStrictEqual(known, wanted)) continue
      trace.violation(
        `${client.name} knows room ${room.id} otherwise than it is: ${differences(known, wanted)}`,
        `room:${room.id}`,
      )
    }
  }
}

function differences(known: ReturnType<typeof describeRoom>, wanted: ReturnType<typeof describeRoom>): string {
  const { messages: had, ...one } = known
  const { messages: has, ...other } = wanted
  const texts = (list: typeof had) => new Set(list.map((message) => JSON.stringify(message)))
  const [old, fresh] = [texts(had), texts(has)]
  const stale = [...old].filter((text) => !fresh.has(text)).slice(0, 3)
  const missing = [...fresh].filter((text) => !old.has(text)).slice(0, 3)
  const rest = isDeepStrictEqual(one, other) ? '' : `${JSON.stringify(one)} for ${JSON.stringify(other)}; `
  return `${rest}has ${stale.join(' ')}, lacks ${missing.join(' ')}`
}

/** Unread counts in everybody's list of chats are what the history and their read marks say. */
async function checkUnread({ stack, actors, trace }: Outcome): Promise<void> {
  const seats = Map.groupBy(await listSeats(stack.postgres), ({ user }) => user)
  for (const { client } of actors) {
    const chats = await fetchChats((path) => client.read(path))
    const wanted = (seats.get(client.id) ?? []).filter(({ isHidden }) => !isHidden).map(toCount)
    const listed = chats.map(({ id, unread_count }) => `${id}: ${unread_count}`).sort()
    if (!isDeepStrictEqual(listed, wanted.sort())) {
      trace.violation(`${client.name} has unread ${listed.join(', ')}; by the history ${wanted.join(', ')}`)
    }
  }
}

const toCount = ({ room, unread }: Seat) => `${room}: ${unread}`

/** Every member is notified of every message once. */
async function checkNotifications({ stack, trace }: Outcome): Promise<void> {
  let missing: object[] = []
  const isDone = await until(async () => {
    missing = await stack.postgres.query(NOT_NOTIFIED)
    return missing.length === 0
  }, BACKGROUND_MS)
  if (!isDone) trace.violation(`not everybody was notified: ${JSON.stringify(missing)}`)
}
