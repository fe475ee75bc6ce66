import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Id, Nothing, nullable, text } from '../fields.ts'
import { listQuery, orderingQuery, searchQuery } from '../paging.ts'
import { Notification } from './resources.ts'

const OneNotification = Type.Object({ id: Id })
const Query = Type.Object({ ...listQuery, ...searchQuery, ...orderingQuery })
const UnreadQuery = Type.Object({
  ...Query.properties,
  room: Type.Optional({ ...Id, description: 'Only those of the messages of a room' }),
})

/** Only the read mark of a notification can be changed; anything else in the body is ignored. */
export const UpdateNotification = Type.Object({ is_read: Type.Optional(Type.Boolean()) })
export type UpdateNotification = Static<typeof UpdateNotification>

/** A notification of the system. Without `user` it is for everyone where staff ask, and for oneself otherwise. */
export const CreateNotification = Type.Object({
  message: text({ max: 1_000, examples: ['The server restarts at noon.'] }),
  user: Type.Optional(nullable(Id)),
})
export type CreateNotification = Static<typeof CreateNotification>

const about = { tag: 'notifications', access: 'user' } as const
const one = { tag: 'notifications', access: 'owner', params: OneNotification } as const

export const listNotifications = defineEndpoint({
  ...about,
  operationId: 'listNotifications',
  method: 'GET',
  path: '/api/notifications/',
  summary: 'One’s notifications, newest first; `?ordering=timestamp` for oldest first, `?search=` looks in the type.',
  rate: 'read',
  query: Query,
  responses: { 200: Type.Array(Notification) },
})

export const listUnreadNotifications = defineEndpoint({
  ...about,
  operationId: 'listUnreadNotifications',
  method: 'GET',
  path: '/api/notifications/unread/',
  summary: 'The same list, of those that are not read; `?room=` of one room, `&search=mention` of its mentions.',
  rate: 'read',
  query: UnreadQuery,
  responses: { 200: Type.Array(Notification) },
})

export const createNotification = defineEndpoint({
  ...about,
  operationId: 'createNotification',
  method: 'POST',
  path: '/api/notifications/',
  summary: 'Tells oneself something; staff may tell anyone, or everyone.',
  rate: 'write',
  body: CreateNotification,
  responses: { 201: Notification },
})

export const markAllNotificationsRead = defineEndpoint({
  ...about,
  operationId: 'markAllNotificationsRead',
  method: 'POST',
  path: '/api/notifications/mark_all_read/',
  summary: 'Marks all of one’s notifications as read.',
  rate: 'write',
  responses: { 204: Nothing },
})

export const getNotification = defineEndpoint({
  ...one,
  operationId: 'getNotification',
  method: 'GET',
  path: '/api/notifications/:id/',
  summary: 'One notification.',
  rate: 'read',
  responses: { 200: Notification },
})

const update = {
  ...one,
  path: '/api/notifications/:id/',
  rate: 'write',
  body: UpdateNotification,
  responses: { 200: Notification },
} as const

export const replaceNotification = defineEndpoint({
  ...update,
  operationId: 'replaceNotification',
  method: 'PUT',
  summary: 'Marks a notification as read or unread; a whole notification may be sent back, only `is_read` counts.',
})

export const updateNotification = defineEndpoint({
  ...update,
  operationId: 'updateNotification',
  method: 'PATCH',
  summary: 'Marks a notification as read or unread.',
})

export const deleteNotification = defineEndpoint({
  ...one,
  operationId: 'deleteNotification',
  method: 'DELETE',
  path: '/api/notifications/:id/',
  summary: 'Deletes a notification.',
  rate: 'write',
  responses: { 204: Nothing },
})

export const markNotificationRead = defineEndpoint({
  ...one,
  operationId: 'markNotificationRead',
  method: 'POST',
  path: '/api/notifications/:id/mark_read/',
  summary: 'Marks a notification as read.',
  rate: 'write',
  responses: { 204: Nothing },
})
