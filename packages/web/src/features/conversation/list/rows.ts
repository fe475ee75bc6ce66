/** What stands in a conversation, from top to bottom, made of what is known of it. */
import type { Message, OutboxEntry } from '@confab/client'

/** A line of the list. `isFirst` and `isLast` say where it is in a run of messages of one sender. */
export type Row =
  | Readonly<{ kind: 'beginning'; key: string; isEmpty: boolean }>
  | Readonly<{ kind: 'day'; key: string; at: string }>
  | Readonly<{ kind: 'new'; key: string }>
  | Readonly<{ kind: 'deleted'; key: string; count: number }>
  | Readonly<{ kind: 'message'; key: string; message: Message; isMine: boolean; isFirst: boolean; isLast: boolean }>
  | Readonly<{ kind: 'send'; key: string; entry: OutboxEntry; isFirst: boolean; isLast: boolean }>

/** What the rows are made of. */
export type RowSource = Readonly<{
  /** Oldest first, without holes but for deleted ones. */
  messages: readonly Message[]
  outbox: readonly OutboxEntry[]
  me: number | undefined
  /** Whether there is nothing before the messages. */
  isBeginning: boolean
  /** What others wrote after the message of this number is new; undefined where nothing is. */
  newAfter: number | undefined
  /** The number of the room's last message, where the messages reach the present. */
  lastNo: number | undefined
  /** Messages that are about to be deleted. */
  hidden: ReadonlySet<number>
}>

/** Messages of one sender that are closer than this stand together. In ms. */
const RUN_MS = 5 * 60_000

/** The rows, oldest first. A deleted message has a number, so that what is missing between two is what was deleted. */
export function buildRows(source: RowSource): Row[] {
  const isEmpty = source.messages.length + source.outbox.length === 0
  const rows: Row[] = source.isBeginning ? [{ kind: 'beginning', key: 'beginning', isEmpty }] : []
  let previous: Said | undefined
  let isNewShown = source.newAfter === undefined
  for (const message of source.messages) {
    if (source.hidden.has(message.id)) continue
    const said = { sender: message.sender.id, at: message.timestamp, no: message.no }
    const deleted = previous ? message.no - previous.no - 1 : 0
    if (deleted > 0) rows.push({ kind: 'deleted', key: `deleted:${message.id}`, count: deleted })
    // At an end that goes on there is no row that would be gone with the next page: what is read is held by it.
    const isNewDay = addDay(rows, source, previous, said)
    const isNew: boolean = !isNewShown && said.sender !== source.me && message.no > (source.newAfter ?? 0)
    if (isNew) rows.push({ kind: 'new', key: 'new' })
    isNewShown ||= isNew
    // What is above the first row is not known yet: it is drawn as if the run went on, as it mostly does.
    const isCut = previous === undefined && !source.isBeginning
    const isFirst = isNewDay || isNew || deleted > 0 || !(isCut || isRun(previous, said))
    if (isFirst) endRun(rows)
    const isMine = said.sender === source.me
    rows.push({ kind: 'message', key: keyOf(message, isMine), message, isMine, isFirst, isLast: false })
    previous = said
  }
  const deleted = previous && source.lastNo !== undefined ? source.lastNo - previous.no : 0
  if (deleted > 0) rows.push({ kind: 'deleted', key: 'deleted:end', count: deleted })
  return addSends(rows, source, previous)
}

/**
 * What the composer sent and is no message of the room yet, at the end. It stands where it will stand as a message, so that
 * nothing moves when it is one.
 */
function addSends(rows: Row[], source: RowSource, last: Said | undefined): Row[] {
  const { outbox, me, messages } = source
  let previous = last
  const known = new Set(messages.slice(-outbox.length - 50).map(({ client_id }) => client_id))
  for (const entry of outbox) {
    // The message came before the outbox knew: one of them is enough.
    if (known.has(entry.clientId)) continue
    const said = { sender: me ?? 0, at: entry.createdAt, no: 0 }
    const isCut = rows.at(-1)?.kind === 'deleted'
    addDay(rows, source, previous, said)
    const isFirst = isCut || !isRun(previous, said)
    if (isFirst) endRun(rows)
    rows.push({ kind: 'send', key: entry.clientId, entry, isFirst, isLast: false })
    previous = said
  }
  endRun(rows)
  return rows
}

type Said = Readonly<{ sender: number; at: string; no: number }>

/** Names the day where it is another one than that of what was said before. Answers whether it is. */
function addDay(rows: Row[], { isBeginning }: RowSource, previous: Said | undefined, { at }: Said): boolean {
  const isNewDay = previous ? dayOf(at) !== dayOf(previous.at) : isBeginning
  if (isNewDay) rows.push({ kind: 'day', key: `day:${dayOf(at)}`, at })
  return isNewDay
}

/** Whether two stand together: of one sender, on one day, with little time between them. */
function isRun(one: Said | undefined, other: Said): boolean {
  if (!one || one.sender !== other.sender || dayOf(one.at) !== dayOf(other.at)) return false
  return Date.parse(other.at) - Date.parse(one.at) < RUN_MS
}

/** The last message so far is the last of its run. */
function endRun(rows: Row[]): void {
  const index = rows.findLastIndex(({ kind }) => kind === 'message' || kind === 'send')
  const row = rows[index]
  if (row && 'isLast' in row) rows[index] = { ...row, isLast: true }
}

/** A message of one's own keeps the key that it had while it was being sent. */
function keyOf(message: Message, isMine: boolean): string {
  return (isMine && message.client_id) || `message:${message.id}`
}

/** The day by the device's calendar. Remembered: the same few thousand times are asked for again and again. */
export function dayOf(at: string): string {
  const known = days.get(at)
  if (known) return known
  const date = new Date(at)
  const day = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
  if (days.size > 5_000) days.clear()
  days.set(at, day)
  return day
}

const days = new Map<string, string>()

/** Where the first message is that is new. */
export function findFirstNew(rows: readonly Row[]): number {
  return rows.findIndex(({ kind }) => kind === 'new')
}

/** Where a message is; -1 where it is not. */
export function findMessage(rows: readonly Row[], id: number): number {
  return rows.findIndex((row) => row.kind === 'message' && row.message.id === id)
}
