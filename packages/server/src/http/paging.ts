/**
 * Cursor lists. A cursor is opaque to clients; inside it names the list it was made for, the direction, and the sort key
 * of the row it starts after, so that inserts and deletes between two pages neither repeat nor skip a row.
 */
import { LIST_SIZE, MAX_LIST_SIZE, MAX_PAGE_SIZE, PAGE_SIZE } from '@confab/contract/paging'
import { ChatError } from '../chat-error.ts'

/** The sort key of a row: what the list is ordered by, the last part unique. */
export type Key = readonly (string | number)[]

/** Where a page starts: after the row with this key, going forward or back; undefined is the beginning. */
export type Position = Readonly<{ key: Key; backward: boolean }>

/** A request for one page. */
export type PageRequest = Readonly<{ position: Position | undefined; limit: number }>

/** The rows of a page in the order of the list, and whether there are rows before and after. */
export type Page<T> = Readonly<{ rows: T[]; hasBefore: boolean; hasAfter: boolean }>

/** No cursor that a list gives is as long. */
const MAX_CURSOR = 1_500

type PageQuery = { cursor?: string; limit?: string }

/**
 * Reads `cursor` and `limit` of a query.
 *
 * @param list what the cursor must have been made for, for example `messages:12:-id`; one of another list is ignored
 * @throws ChatError invalid_cursor
 */
export function readPageRequest(list: string, query: PageQuery): PageRequest {
  return { position: decodeCursor(list, query.cursor), limit: readLimit(query.limit, PAGE_SIZE, MAX_PAGE_SIZE) }
}

/** The same for a plain list, with its own default and bound. */
export function readListRequest(list: string, query: PageQuery): PageRequest {
  return { position: decodeCursor(list, query.cursor), limit: readLimit(query.limit, LIST_SIZE, MAX_LIST_SIZE) }
}

function readLimit(text: string | undefined, usual: number, most: number): number {
  if (text === undefined || !/^\d+$/.test(text.trim()) || Number(text) < 1) return usual
  return Math.min(Number(text), most)
}

/** Makes the cursor of a position in a list. */
export function encodeCursor(list: string, position: Position): string {
  return Buffer.from(JSON.stringify([list, position.backward ? 1 : 0, ...position.key])).toString('base64url')
}

function decodeCursor(list: string, cursor: string | undefined): Position | undefined {
  if (cursor === undefined || cursor === '') return undefined
  if (cursor.length > MAX_CURSOR) throw new ChatError('invalid_cursor')
  const parts = parseCursor(cursor)
  const [made, direction, ...key] = parts ?? []
  if (typeof made !== 'string' || (direction !== 0 && direction !== 1) || key.length === 0) {
    throw new ChatError('invalid_cursor')
  }
  if (made !== list) return undefined
  return { key: key.map(requireKeyPart), backward: direction === 1 }
}

function parseCursor(cursor: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function requireKeyPart(part: unknown): string | number {
  if (typeof part === 'string' && part.length <= 400 && !part.includes('\0')) return part
  if (typeof part === 'number' && Number.isSafeInteger(part)) return part
  throw new ChatError('invalid_cursor')
}

/**
 * Makes a page of what a query brought. The query asks for one row more than the page has, in the direction of the
 * request: going back, it reads in the opposite order.
 */
export function toPage<T>(fetched: readonly T[], request: PageRequest): Page<T> {
  const hasMore = fetched.length > request.limit
  const rows = fetched.slice(0, request.limit)
  if (request.position?.backward) return { rows: rows.reverse(), hasBefore: hasMore, hasAfter: true }
  return { rows, hasBefore: request.position !== undefined, hasAfter: hasMore }
}

/** A cursor list as clients see it. */
export type Envelope<T> = { next: string | null; previous: string | null; results: T[] }

/**
 * Wraps a page in the envelope of the contract.
 *
 * @param url of the request, with its query; the links keep all of it but the cursor
 * @param keyOf the sort key of a row
 */
export function toEnvelope<T, R>(
  page: Page<T>,
  options: { list: string; url: string; keyOf: (row: T) => Key; results: R[] },
): Envelope<R> {
  const { list, url, keyOf, results } = options
  const first = page.rows[0]
  const last = page.rows.at(-1)
  const link = (row: T, backward: boolean) => withCursor(url, encodeCursor(list, { key: keyOf(row), backward }))
  return {
    next: page.hasAfter && last !== undefined ? link(last, false) : null,
    previous: page.hasBefore && first !== undefined ? link(first, true) : null,
    results,
  }
}

/** The `Link` header of a plain list: where it goes on (RFC 8288), or nothing at its end. */
export function toLinkHeader<T>(
  page: Page<T>,
  options: { list: string; url: string; keyOf: (row: T) => Key },
): Record<string, string> {
  const last = page.rows.at(-1)
  if (!page.hasAfter || last === undefined) return {}
  const cursor = encodeCursor(options.list, { key: options.keyOf(last), backward: false })
  return { link: `<${withCursor(options.url, cursor)}>; rel="next"` }
}

function withCursor(url: string, cursor: string): string {
  const parsed = new URL(url)
  parsed.searchParams.delete('cursor')
  const rest = parsed.searchParams.toString()
  parsed.search = `cursor=${cursor}${rest ? `&${rest}` : ''}`
  return parsed.toString()
}
