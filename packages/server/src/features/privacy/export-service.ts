/**
 * Everything that is kept of a person, as one JSON document.
 *
 * What it does: reads list after list in pages, each when the one before has been taken, so that memory is bounded by a page
 * however much there is, and a slow client slows the reading. It reads by the same services as the lists of the API: it
 * holds nothing that its owner could not see there.
 * On failure: the document ends in the middle, which no JSON parser takes for whole.
 */
import { Readable } from 'node:stream'
import { Profile } from '@confab/contract/accounts/resources'
import { exportedLists } from '@confab/contract/privacy/resources'
import type { Ctx } from '../../ctx.ts'
import { encodeCursor, type Key, type Page, readListRequest } from '../../http/paging.ts'
import { compileAbsolutize } from '../../wire/absolute-urls.ts'
import { getProfile } from '../accounts/profile-service.ts'
import { listSessions, SESSION_LIST } from '../accounts/session-service.ts'
import { listOwnMessages } from '../messages/list-service.ts'
import { listNotifications, nameList } from '../notifications/service.ts'
import { listBlocks } from '../people/blocks-service.ts'
import { listFriendRequests } from '../people/friend-requests-service.ts'
import { listFriends } from '../people/friends-service.ts'
import { listPlaces } from '../rooms/list-service.ts'

/** Rows read at once. */
const PAGE = 500
const LIMIT = String(PAGE)

type Query = { cursor?: string; limit: string }
type Read = { items: readonly object[]; next: string | undefined }
type Pages = AsyncGenerator<readonly object[]>

/** The document as a stream of text. */
export function exportData(ctx: Ctx): Readable {
  return Readable.from(write(ctx), { objectMode: false })
}

async function* write(ctx: Ctx): AsyncGenerator<string> {
  const profile = compileAbsolutize(Profile)(await getProfile(ctx), ctx.baseUrl)
  yield `{"exported_at":${JSON.stringify(new Date().toISOString())},\n"profile":${JSON.stringify(profile)}`
  for (const [name, read] of lists) {
    const absolutize = compileAbsolutize(exportedLists[name])
    yield `,\n"${name}":[`
    let separator = '\n'
    for await (const items of read(ctx)) {
      if (items.length === 0) continue
      yield separator + items.map((item) => JSON.stringify(absolutize(item, ctx.baseUrl))).join(',\n')
      separator = ',\n'
    }
    yield ']'
  }
  yield '}\n'
}

async function readSessions(ctx: Ctx, query: Query): Promise<Read> {
  const page = await listSessions(ctx, query)
  return { items: page.rows, next: nextOf(page, SESSION_LIST, (row) => [row.id]) }
}

async function readFriends(ctx: Ctx, query: Query): Promise<Read> {
  const { list, page, friends } = await listFriends(ctx, query)
  return { items: friends, next: nextOf(page, list, (row) => [row.sort_key, row.id]) }
}

async function readRequests(ctx: Ctx, query: Query): Promise<Read> {
  const { list, page, requests } = await listFriendRequests(ctx, query)
  return { items: requests, next: nextOf(page, list, (row) => [row.id]) }
}

async function readBlocks(ctx: Ctx, query: Query): Promise<Read> {
  const { list, page, blocked } = await listBlocks(ctx, query)
  return { items: blocked, next: nextOf(page, list, (row) => [row.blocked_ms, row.id]) }
}

async function readNotifications(ctx: Ctx, query: Query): Promise<Read> {
  const wanted = { unreadOnly: false, ordering: 'timestamp' }
  const list = nameList(wanted)
  const page = await listNotifications(ctx, wanted, readListRequest(list, query))
  return { items: page.rows, next: nextOf(page, list, (row) => [row.id]) }
}

async function* readOwnMessages(ctx: Ctx): Pages {
  for await (const places of byId((range) => listPlaces(ctx, range))) {
    for (const { id } of places) yield* byId((range) => listOwnMessages(ctx, id, range))
  }
}

/** The lists in the order of the document. */
const lists: readonly (readonly [name: keyof typeof exportedLists, read: (ctx: Ctx) => Pages])[] = [
  ['sessions', (ctx) => byCursor(ctx, readSessions)],
  ['friends', (ctx) => byCursor(ctx, readFriends)],
  ['friend_requests', (ctx) => byCursor(ctx, readRequests)],
  ['blocks', (ctx) => byCursor(ctx, readBlocks)],
  ['rooms', (ctx) => byId((range) => listPlaces(ctx, range))],
  ['messages', readOwnMessages],
  ['notifications', (ctx) => byCursor(ctx, readNotifications)],
]

/** The pages of a list with cursors. */
async function* byCursor(ctx: Ctx, read: (ctx: Ctx, query: Query) => Promise<Read>): Pages {
  let cursor: string | undefined
  do {
    const { items, next } = await read(ctx, { limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) })
    yield items
    cursor = next
  } while (cursor !== undefined)
}

/** The pages of a list that is read by id. */
async function* byId<Row extends { id: number }>(
  read: (range: { after: number; limit: number }) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows: Row[] = await read({ after, limit: PAGE })
    yield rows
    after = rows.length === PAGE ? rows.at(-1)?.id : undefined
  }
}

function nextOf<Row>(page: Page<Row>, list: string, keyOf: (row: Row) => Key): string | undefined {
  const last = page.rows.at(-1)
  return page.hasAfter && last !== undefined ? encodeCursor(list, { key: keyOf(last), backward: false }) : undefined
}
