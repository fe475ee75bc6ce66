import { createHash } from 'node:crypto'
import type { MessageHit, PersonHit, RoomHit } from '@confab/contract/search/resources'
import { ChatError } from '../../chat-error.ts'
import type { Core, Ctx } from '../../ctx.ts'
import { type Key, type Page, type PageRequest, readPageRequest, toPage } from '../../http/paging.ts'
import { requireMember } from '../rooms/access.ts'
import { bound, fold } from './fold.ts'
import { findTerms, makeSnippet } from './highlight.ts'
import * as nameQueries from './name-queries.ts'
import * as queries from './queries.ts'
import { type IdRange, listIdsWithWords } from './room-queries.ts'
import { parseTerms, type Term } from './terms.ts'

/** What a search is asked for. */
export type SearchQuery = { q: string; cursor?: string; limit?: string }

/** A page of hits: its rows for the cursors, the name of the list that they are for, and the hits themselves. */
export type Found<Row, Hit> = Readonly<{ list: string; page: Page<Row>; keyOf: (row: Row) => Key; hits: Hit[] }>

/** What was sent a moment ago can be found already; a search waits for it this long at the most. */
const FRESHNESS_MS = 300

/**
 * Searches the messages of one room or of all one's rooms: those that have all words first, then those with the words as
 * beginnings of others, then as parts; of each kind the newest first.
 *
 * @throws ChatError room_not_found, invalid_cursor
 */
export async function searchMessages(
  ctx: Ctx,
  query: SearchQuery & { room?: number },
): Promise<Found<queries.HitRow, MessageHit>> {
  if (query.room !== undefined) await requireMember(ctx.db, query.room, ctx.actor.id)
  const list = nameList('messages', query.q, query.room ?? 'all')
  const request = readPageRequest(list, query)
  const [rank, id] = readKey(request, 'number', 'number')
  await ctx.core.services.search.settled(FRESHNESS_MS)
  const terms = parseTerms(query.q)
  const range = { after: rank === undefined || id === undefined ? undefined : { rank, id }, ...directionOf(request) }
  const rows = terms.length > 0 ? await findHits(ctx, query.room, terms, range) : []
  const page = toPage(rows, request)
  const hits = page.rows.filter((row) => !row.is_deleted).map((row) => toMessageHit(row, terms))
  return { list, page, keyOf: (row) => [row.rank, row.id], hits }
}

async function findHits(ctx: Ctx, roomId: number | undefined, terms: readonly Term[], range: queries.HitRange) {
  const roomIds = await queries.listOwnRoomIds(ctx.db, ctx.actor.id, roomId)
  return queries.listHitRows(ctx.db, ctx.actor.id, { roomIds, terms }, range)
}

function toMessageHit(row: queries.HitRow, terms: readonly Term[]): MessageHit {
  return {
    id: row.id,
    room: row.room_id,
    chat_name: row.chat_name,
    is_group: row.is_group,
    sender: { id: row.sender_id, username: row.username },
    no: row.no,
    timestamp: row.created_at,
    ...makeSnippet(row.content, terms),
  }
}

/**
 * Searches people by username and name, but for those who blocked the caller.
 *
 * @throws ChatError invalid_cursor
 */
export async function searchPeople(ctx: Ctx, query: SearchQuery): Promise<Found<nameQueries.PersonRow, PersonHit>> {
  const list = nameList('people', query.q)
  const request = readPageRequest(list, query)
  const [rank, key, id] = readKey(request, 'number', 'string', 'number')
  const after = rank === undefined || key === undefined || id === undefined ? undefined : { rank, key, id }
  const words = query.q.split(/\s+/).filter(Boolean).slice(0, MAX_WORDS)
  const rows = await nameQueries.listPeopleNamed(ctx.db, ctx.actor.id, words, { after, ...directionOf(request) })
  const page = toPage(rows, request)
  const terms = parseTerms(query.q)
  return {
    list,
    page,
    keyOf: (row) => [row.rank, row.key, row.id],
    hits: page.rows.map((row) => toPersonHit(ctx.core, row, terms)),
  }
}

const MAX_WORDS = 10

function toPersonHit(core: Core, row: nameQueries.PersonRow, terms: readonly Term[]): PersonHit {
  return {
    id: row.id,
    username: row.username,
    full_name: row.full_name,
    profile_pic: row.image === null ? null : core.services.media.imageUrl('profile', row.image, ''),
    highlights: { username: findTerms(row.username, terms), full_name: findTerms(row.full_name ?? '', terms) },
  }
}

type RankedRoom = nameQueries.OwnRoomRow & { rank: queries.Rank }

/**
 * Searches the caller's rooms by name, direct rooms also by the other's username. One's own rooms are few enough to be
 * looked at one by one.
 *
 * @throws ChatError invalid_cursor
 */
export async function searchRooms(ctx: Ctx, query: SearchQuery): Promise<Found<RankedRoom, RoomHit>> {
  const list = nameList('rooms', query.q)
  const request = readPageRequest(list, query)
  const [rank, activeAt, id] = readKey(request, 'number', 'string', 'number')
  const terms = parseTerms(query.q)
  const rooms = terms.length > 0 ? await nameQueries.listOwnRooms(ctx.db, ctx.actor.id) : []
  const found = rooms.flatMap((room) => {
    const roomRank = rankName(`${room.chat_name} ${room.other_name}`, terms)
    return roomRank === undefined ? [] : [{ ...room, rank: roomRank }]
  })
  const from =
    rank === undefined || activeAt === undefined || id === undefined ? undefined : { rank, active_at: activeAt, id }
  const page = toPage(cutRooms(found.sort(compareRooms), from, request), request)
  return {
    list,
    page,
    keyOf: (row) => [row.rank, row.active_at, row.id],
    hits: page.rows.map((row) => toRoomHit(ctx.core, row, terms)),
  }
}

type RoomKey = Pick<RankedRoom, 'rank' | 'active_at' | 'id'>

function compareRooms(a: RoomKey, b: RoomKey): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  if (a.active_at !== b.active_at) return a.active_at < b.active_at ? 1 : -1
  return b.id - a.id
}

/** One more than the page, in the direction of the request, as a query would bring it. */
function cutRooms(rooms: RankedRoom[], from: RoomKey | undefined, request: PageRequest): RankedRoom[] {
  if (!from) return rooms.slice(0, request.limit + 1)
  if (!request.position?.backward) {
    return rooms.filter((room) => compareRooms(room, from) > 0).slice(0, request.limit + 1)
  }
  return rooms
    .filter((room) => compareRooms(room, from) < 0)
    .toReversed()
    .slice(0, request.limit + 1)
}

/** How well a name matches, as messages are ranked; undefined where it does not. */
function rankName(name: string, terms: readonly Term[]): queries.Rank | undefined {
  const folded = fold(name)
  const bounded = bound(folded)
  const start = (term: Term) => bounded.includes(term.prefix)
  if (terms.every((term) => bounded.includes(term.whole))) return 1
  if (terms.every(start)) return 2
  return terms.every((term) => (term.isShort ? start(term) : folded.includes(term.text))) ? 3 : undefined
}

function toRoomHit(core: Core, row: RankedRoom, terms: readonly Term[]): RoomHit {
  return {
    id: row.id,
    chat_name: row.chat_name,
    is_group: row.is_group,
    group_image:
      row.image === null ? null : core.services.media.imageUrl(row.is_group ? 'group' : 'profile', row.image, ''),
    highlights: findTerms(row.chat_name, terms),
  }
}

/**
 * The ids of a room's messages that have every word of a search, in any case, in their text or their sender's username:
 * one page by id, after a given one. What was sent a moment ago is waited for. Whether its reader is in the room is the
 * caller's to see to.
 */
export async function searchMessageIds(core: Core, roomId: number, search: string, range: IdRange): Promise<number[]> {
  await core.services.search.settled(FRESHNESS_MS)
  const words = fold(search).split(' ').filter(Boolean).slice(0, MAX_WORDS)
  return words.length === 0 ? [] : listIdsWithWords(core.database.kysely, roomId, words, range)
}

/** A cursor of another search is ignored; the search itself is too long to be in it. */
function nameList(kind: string, q: string, scope: string | number = ''): string {
  return `search:${kind}:${scope}:${createHash('sha256').update(fold(q)).digest('base64url').slice(0, 16)}`
}

function directionOf(request: PageRequest): { isBackward: boolean; limit: number } {
  return { isBackward: request.position?.backward ?? false, limit: request.limit + 1 }
}

type PartTypes = { number: number; string: string }

/**
 * The parts of the key that a page starts after; all undefined for the first page.
 *
 * @throws ChatError invalid_cursor where it is another list's
 */
function readKey<const Kinds extends readonly (keyof PartTypes)[]>(
  { position }: PageRequest,
  ...kinds: Kinds
): { [Index in keyof Kinds]: PartTypes[Kinds[Index]] | undefined } {
  const key = position?.key
  if (key && (key.length !== kinds.length || kinds.some((kind, index) => typeof key[index] !== kind))) {
    throw new ChatError('invalid_cursor')
  }
  return kinds.map((_kind, index) => key?.[index]) as never
}
