/**
 * The events of notifications in the log of their reader's own topic.
 *
 * Guarantees: what an event says, its count of unread ones too, is so after it and all events of the topic before it,
 * because whoever changes notifications has the topic first. The text of a message is never copied into the log.
 */
import { parseTopic, topicOf } from '@confab/contract/define-event'
import {
  NotificationCreated,
  NotificationDeleted,
  NotificationRead,
  NotificationReopened,
} from '@confab/contract/notifications/events'
import type { Notification } from '@confab/contract/notifications/resources'
import type { Db, Tx } from '../../db/open.ts'
import type { LoggedEvent } from '../../realtime/bus.ts'
import { record, recordAll, type StoredEvent } from '../../realtime/log.ts'
import * as queries from './queries.ts'
import type { ToldRow } from './told-queries.ts'
import { type NotificationRow, toNotification } from './view.ts'

/** Which notifications were read: some, those of a room's messages up to a number, or all. */
export type ReadMarks = Readonly<{ ids?: number[]; room_id?: number; up_to?: number; all?: boolean }>

/** Records that people are told of something, each of one thing. */
export async function recordCreated(tx: Tx, rows: readonly NotificationRow[]): Promise<void> {
  await recordAll(
    tx,
    NotificationCreated,
    rows.map((row) => ({ to: row.user_id, data: { notifications: [toNotification(row)] }, kept: { ids: [row.id] } })),
  )
}

/** Events that `tell_members` has recorded, of the notifications in them, which come in the order of their ids. */
export function toCreatedEvents(rows: readonly ToldRow[]): LoggedEvent[] {
  return [...Map.groupBy(rows, ({ user_id }) => user_id)].flatMap(([userId, told]) => {
    const [first] = told
    if (!first) return []
    const data = { notifications: told.map(toNotification) }
    return { topic: topicOf('user', userId), seq: first.seq, type: NotificationCreated.name, data }
  })
}

/** Records that some are read. Their reader's topic is the caller's, as in all of these. */
export async function recordRead(tx: Tx, userId: number, marks: ReadMarks): Promise<void> {
  const unread_count = await queries.countUnreadRows(tx, userId)
  await record(tx, NotificationRead, { to: userId, data: { ...marks, unread_count } })
}

export async function recordReopened(tx: Tx, row: NotificationRow): Promise<void> {
  const unread_count = await queries.countUnreadRows(tx, row.user_id)
  const data = { notifications: [toNotification(row)], unread_count }
  await record(tx, NotificationReopened, { to: row.user_id, data, kept: { ids: [row.id], unread_count } })
}

export async function recordDeleted(tx: Tx, userId: number, id: number): Promise<void> {
  const unread_count = await queries.countUnreadRows(tx, userId)
  await record(tx, NotificationDeleted, { to: userId, data: { id, unread_count } })
}

/** Records that those of a room are gone, for people who had some that were unread. */
export async function recordForgotten(tx: Tx, roomId: number, userIds: readonly number[]): Promise<void> {
  if (userIds.length === 0) return
  const counts = await queries.countUnreadOfEach(tx, userIds)
  await recordAll(
    tx,
    NotificationDeleted,
    userIds.map((userId, index) => ({ to: userId, data: { room_id: roomId, unread_count: counts[index] ?? 0 } })),
  )
}

/** The notifications of stored events as they are now, those that are gone left out; one query. */
export async function loadToldEvents(
  db: Db,
  events: readonly StoredEvent[],
): Promise<{ notifications: Notification[] }[]> {
  const named = events.flatMap((event) => idsOf(event).map((id) => ({ userId: parseTopic(event.topic).id, id })))
  const rows = named.length > 0 ? await queries.listNotificationsNamed(db, named) : []
  const found = new Map(rows.map((row) => [row.id, toNotification(row)]))
  return events.map((event) => {
    const { ids: _ids, ...rest } = event.data ?? {}
    return { ...rest, notifications: idsOf(event).flatMap((id) => found.get(id) ?? []) }
  })
}

function idsOf({ data }: StoredEvent): number[] {
  const ids: unknown = data?.ids
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : []
}
