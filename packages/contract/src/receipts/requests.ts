import Type from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Id } from '../fields.ts'
import { listQuery } from '../paging.ts'
import { ReadStatus } from './resources.ts'

const OneMessage = Type.Object({ room: Id, id: Id })

/** The receipt, or for one's own message a sentence that says why there is none. */
const ReadReply = Type.Unsafe<ReadStatus | { detail: string }>({
  type: 'object',
  properties: { ...ReadStatus.properties, detail: { type: 'string' } },
})

const about = { tag: 'receipts', access: 'member', params: OneMessage } as const

export const markMessageRead = defineEndpoint({
  ...about,
  operationId: 'markMessageRead',
  method: 'POST',
  path: '/api/chatrooms/:room/messages/:id/mark_as_read/',
  summary: 'Marks a message and all before it as read; 201 the first time, 200 after.',
  rate: 'write',
  responses: { 201: ReadStatus, 200: ReadReply },
})

export const listReadStatuses = defineEndpoint({
  ...about,
  operationId: 'listReadStatuses',
  method: 'GET',
  path: '/api/chatrooms/:room/messages/:id/message_read_status/',
  summary: 'Who has read a message, and when, by the id of the reader.',
  rate: 'read',
  query: Type.Object(listQuery),
  responses: { 200: Type.Array(ReadStatus) },
})

export const markRoomRead = defineEndpoint({
  tag: 'receipts',
  access: 'member',
  operationId: 'markRoomRead',
  method: 'POST',
  path: '/api/chatrooms/:room/mark_as_read/',
  summary: 'Marks everything in a room as read.',
  rate: 'write',
  params: Type.Object({ room: Id }),
  responses: { 200: Type.Object({ unread_count: Type.Integer({ minimum: 0, examples: [0] }) }) },
})
