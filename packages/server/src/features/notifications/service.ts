import type { CreateNotification, UpdateNotification } from '@confab/contract/notifications/requests'
import { type Notification, type NotificationType, notificationTypes } from '@confab/contract/notifications/resources'
import { ChatError, invalidField } from '../../chat-error.ts'
import { afterCommit, type Ctx } from '../../ctx.ts'
import type { Db, Tx } from '../../db/open.ts'
import { type Page, type PageRequest, toPage } from '../../http/paging.ts'
import { lockUserTopic, lockUserTopics } from '../../realtime/log.ts'
import { insertAnnouncement } from './announcement-queries.ts'
import * as queries from './queries.ts'
import { recordCreated, recordDeleted, recordForgotten, recordRead, recordReopened } from './told-events.ts'
import { type NotificationRow, toNotification } from './view.ts'

export type { NewNotification } from './queries.ts'

/**
 * Tells some people of something: a row each, and an event, in the transaction that makes it true. Whoever is told of a room
 * must be in it by now: notifications of rooms show to their members only.
 *
 * @returns what those were told who are there
 */
export async function notify(tx: Tx, notification: queries.NewNotification): Promise<Notification[]> {
  if (notification.userIds.length === 0) return []
  await lockUserTopics(tx, notification.userIds)
  const rows = await queries.insertNotifications(tx, notification)
  await recordCreated(tx, rows)
  return rows.map(toNotification)
}

/** How many of somebody's notifications are unread; counted up to 1,000. */
export function countUnread(db: Db, userId: number): Promise<number> {
  return queries.countUnreadRows(db, userId)
}

/** The newest unread notifications of somebody, newest first. */
export async function listUnread(db: Db, userId: number, limit: number): Promise<Notification[]> {
  const rows = await queries.listNotificationRows(
    db,
    { userId, unreadOnly: true },
    { after: undefined, descending: true, limit },
  )
  return rows.map(toNotification)
}

/**
 * Marks the notifications of a room's messages up to a number as read, because their reader has read the messages. To be
 * called in the transaction that moves the reader's mark: no notification of these messages is unread after its commit.
 */
export async function markRoomRead(tx: Tx, userId: number, roomId: number, upToNo: number): Promise<void> {
  await queries.lockRoomForReading(tx, roomId)
  await lockUserTopic(tx, userId)
  const marked = await queries.setRoomRead(tx, userId, roomId, upToNo)
  if (marked > 0) await recordRead(tx, userId, { room_id: roomId, up_to: upToNo })
}

/**
 * Throws away what people have not read of a room, because they are no longer in it, and tells them how much is unread then.
 * That they are out of it they have been told in their topics by now, which are the caller's therefore.
 */
export async function forgetRoom(tx: Tx, roomId: number, userIds: readonly number[]): Promise<void> {
  await recordForgotten(tx, roomId, await queries.removeUnreadOfRoom(tx, roomId, userIds))
}

/** Throws away all notifications of somebody, because they are gone. */
export function forgetPerson(tx: Tx, userId: number): Promise<void> {
  return queries.removeAll(tx, userId)
}

/** Marks one as read. @returns false where there is no such notification of the caller's */
export function markRead(ctx: Ctx, id: number): Promise<boolean> {
  const userId = ctx.actor.id
  return ctx.transaction(async (tx) => {
    await lockUserTopic(tx, userId)
    const changed = await queries.setRead(tx, userId, id, true)
    if (changed) await recordRead(tx, userId, { ids: [id] })
    return changed !== undefined
  })
}

/** Marks all as read. @returns how many were not */
export function markAllRead(ctx: Ctx): Promise<number> {
  const userId = ctx.actor.id
  return ctx.transaction(async (tx) => {
    await lockUserTopic(tx, userId)
    const count = await queries.setAllRead(tx, userId)
    if (count > 0) await recordRead(tx, userId, { all: true })
    return count
  })
}

/** Which of the caller's notifications a list is to have. */
export type NotificationList = Readonly<{ unreadOnly: boolean; room?: number; search?: string; ordering?: string }>

/** The name of a list for its cursors: those of one order, or of a room, make no sense in another. */
export function nameList({ unreadOnly, room, ordering }: NotificationList): string {
  const which = `${unreadOnly ? 'unread' : 'all'}${room === undefined ? '' : `:${room}`}`
  return `notifications:${which}:${ordering === 'timestamp' ? 'id' : '-id'}`
}

/** One page of the caller's notifications, newest first unless the ordering is `timestamp`. */
export async function listNotifications(
  ctx: Ctx,
  list: NotificationList,
  request: PageRequest,
): Promise<Page<Notification>> {
  const isOldestFirst = list.ordering === 'timestamp'
  const rows = await queries.listNotificationRows(
    ctx.db,
    { userId: ctx.actor.id, unreadOnly: list.unreadOnly, roomId: list.room, ...matchingTypes(list.search) },
    {
      after: readIdCursor(request),
      descending: isOldestFirst === (request.position?.backward ?? false),
      limit: request.limit + 1,
    },
  )
  return toPage(rows.map(toNotification), request)
}

function readIdCursor({ position }: PageRequest): number | undefined {
  const id = position?.key[0]
  if (typeof id === 'string') throw new ChatError('invalid_cursor')
  return id
}

/** The search looks in the type, of which there are few: every word must occur in it. */
function matchingTypes(search = ''): { types?: NotificationType[] } {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return {}
  return { types: notificationTypes.filter((type) => words.every((word) => type.includes(word))) }
}

/** @throws ChatError notification_not_found, as all of these do where the id is not of the caller's */
export async function getNotification(ctx: Ctx, id: number): Promise<Notification> {
  return toNotification(await requireNotification(ctx.db, ctx.actor.id, id))
}

async function requireNotification(db: Db, userId: number, id: number): Promise<NotificationRow> {
  const row = await queries.findNotification(db, userId, id)
  if (!row) throw new ChatError('notification_not_found')
  return row
}

/** Marks one as read or as unread; without a mark nothing changes. */
export function updateNotification(ctx: Ctx, id: number, { is_read }: UpdateNotification): Promise<Notification> {
  const userId = ctx.actor.id
  return ctx.transaction(async (tx) => {
    await lockUserTopic(tx, userId)
    const changed = is_read !== undefined && (await queries.setRead(tx, userId, id, is_read))
    const row = await requireNotification(tx, userId, id)
    if (changed) await (is_read ? recordRead(tx, userId, { ids: [id] }) : recordReopened(tx, row))
    return toNotification(row)
  })
}

export async function markNotificationRead(ctx: Ctx, id: number): Promise<void> {
  if (!(await markRead(ctx, id))) throw new ChatError('notification_not_found')
}

export function deleteNotification(ctx: Ctx, id: number): Promise<void> {
  const userId = ctx.actor.id
  return ctx.transaction(async (tx) => {
    await lockUserTopic(tx, userId)
    if (!(await queries.removeNotification(tx, userId, id))) throw new ChatError('notification_not_found')
    await recordDeleted(tx, userId, id)
  })
}

/**
 * Makes a notification of the system: for oneself, or by staff for anyone, or for everyone where they name nobody.
 *
 * @returns the caller's own where it was for everyone
 * @throws ChatError not_allowed; InvalidFields where there is no such person
 */
export function createNotification(ctx: Ctx, { message, user }: CreateNotification): Promise<Notification> {
  const { id, isStaff } = ctx.actor
  if (!isStaff && (user ?? id) !== id) throw new ChatError('not_allowed')
  return ctx.transaction(async (tx) => {
    if (isStaff && user == null) return announce(tx, id, message)
    const [told] = await notify(tx, { type: 'system', userIds: [user ?? id], content: message })
    if (!told) throw invalidField('user', `No such user: ${user}.`)
    return told
  })
}

/** Tells the caller at once, and has the others told in the background. */
async function announce(tx: Tx, callerId: number, content: string): Promise<Notification> {
  const [own] = await notify(tx, { type: 'system', userIds: [callerId], content })
  if (!own) throw new ChatError('user_not_found')
  await insertAnnouncement(tx, callerId, content)
  afterCommit(tx, ({ services }) => services.announcer.wake())
  return own
}
