import { createHash } from 'node:crypto'
import { topicOf } from '@confab/contract/define-event'
import type { Upload } from '@confab/contract/fields'
import { MessageCreated, MessageDeleted, MessageUpdated } from '@confab/contract/messages/events'
import type { EditMessage, SendMessage } from '@confab/contract/messages/requests'
import type { Message } from '@confab/contract/messages/resources'
import { ChatError, invalidField } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { record } from '../../realtime/log.ts'
import { isLongerThan } from '../../wire/validation.ts'
import type { StoredImage } from '../media/service.ts'
import { saveUpload } from '../media/upload.ts'
import { lockRoomForMember, requireMember } from '../rooms/access.ts'
import * as queries from './queries.ts'
import { toMessage, viewMessages } from './view.ts'
import { type Draft, type Written, writeMessage } from './writer.ts'

/** A message, and whether this very call stored it; otherwise an earlier one with the same client_id did. */
export type Sent = Readonly<{ message: Message; isNew: boolean }>

/**
 * Sends a message to a room. With a client_id it may be repeated for ever and is stored once.
 *
 * @throws ChatError room_not_found, cannot_message, client_id_conflict, message_empty, unavailable; InvalidFields
 */
export async function sendMessage(ctx: Ctx, roomId: number, body: SendMessage): Promise<Sent> {
  const content = checkContent(ctx, body.content ?? '')
  const clientId = body.client_id || null
  if (content === '' && !body.image) throw new ChatError('message_empty')
  const draft: Draft = {
    roomId,
    senderId: ctx.actor.id,
    clientId,
    payloadHash: clientId === null ? null : hashPayload(content, body.image),
    content,
    image: null,
  }
  const { written, image } = body.image
    ? await sendWithImage(ctx, draft, body.image)
    : { written: await ctx.core.services.messageWriter.send(draft), image: null }
  if (written.outcome === 'stored') return { message: await viewStored(ctx, roomId, written.id), isNew: false }
  const message = toMessage(ctx.core, {
    id: written.id,
    no: written.no,
    room_id: roomId,
    sender_id: ctx.actor.id,
    username: ctx.actor.username,
    client_id: clientId,
    content,
    image: image?.key ?? null,
    image_width: image?.width ?? null,
    image_height: image?.height ?? null,
    created_at: written.createdAt,
    edited_at: null,
    deleted_at: null,
  })
  const data = { message }
  ctx.core.services.realtime.publish([
    { topic: topicOf('room', roomId), seq: written.seq, type: MessageCreated.name, data },
  ])
  return { message, isNew: true }
}

/** An image is stored before the transaction, and gets its place in the one that stores the message. */
async function sendWithImage(
  ctx: Ctx,
  draft: Draft,
  upload: Upload,
): Promise<{ written: Written; image: StoredImage }> {
  await requireMember(ctx.db, draft.roomId, ctx.actor.id)
  if (!(await queries.mayWrite(ctx.db, draft.roomId, ctx.actor.id))) throw new ChatError('cannot_message')
  const image = await saveUpload(ctx.core, upload, {
    kind: 'message',
    field: 'image',
    ownerId: ctx.actor.id,
    roomId: draft.roomId,
  })
  const written = await ctx.transaction(async (tx) => {
    const result = await writeMessage(tx, { ...draft, image: image.key })
    if (result.outcome === 'new') await ctx.core.services.media.attach(tx, image.key)
    return result
  })
  return { written, image }
}

function checkContent(ctx: Ctx, content: string): string {
  const limit = ctx.core.config.maxMessageChars
  if (isLongerThan(content, limit)) {
    throw invalidField('content', `Ensure this field has no more than ${limit} characters.`)
  }
  return content
}

function hashPayload(content: string, image: Upload | null | undefined): Buffer {
  const hash = createHash('sha256').update(content)
  if (image) hash.update('\0').update(image.bytes)
  return hash.digest()
}

async function viewStored(ctx: Ctx, roomId: number, id: number): Promise<Message> {
  const row = await queries.findMessage(ctx.db, roomId, id)
  if (!row) throw new ChatError('message_not_found')
  const [message] = await viewMessages(ctx.core, ctx.db, [row], ctx.actor.id)
  if (!message) throw new ChatError('message_not_found')
  return message
}

/** @throws ChatError room_not_found, message_not_found */
export async function getMessage(ctx: Ctx, roomId: number, id: number): Promise<Message> {
  await requireMember(ctx.db, roomId, ctx.actor.id)
  const row = await queries.findMessage(ctx.db, roomId, id)
  if (!row || row.deleted_at !== null) throw new ChatError('message_not_found')
  const [message] = await viewMessages(ctx.core, ctx.db, [row], ctx.actor.id)
  if (!message) throw new ChatError('message_not_found')
  return message
}

/** What an edit changes; what is undefined stays. */
export type Edit = { [Field in keyof EditMessage]: EditMessage[Field] | undefined }

/**
 * Changes text or image of a message of one's own. What it has already changes nothing and tells nobody.
 *
 * @throws ChatError room_not_found, message_not_found, not_allowed, cannot_message, message_empty; InvalidFields
 */
export async function editMessage(ctx: Ctx, roomId: number, id: number, change: Edit): Promise<Message> {
  const content = change.content === undefined ? undefined : checkContent(ctx, change.content ?? '')
  const before = await requireOwnMessage(ctx, roomId, id)
  const whose = { kind: 'message', field: 'image', ownerId: before.sender_id, roomId } as const
  const uploaded = change.image ? (await saveUpload(ctx.core, change.image, whose)).key : change.image
  return ctx.transaction(async (tx) => {
    await lockRoomForMember(tx, roomId, ctx.actor.id)
    const row = await queries.findMessage(tx, roomId, id)
    if (!row || row.deleted_at !== null) throw new ChatError('message_not_found')
    const next = { content: content ?? row.content, image: uploaded === undefined ? row.image : uploaded }
    if (next.content === '' && next.image === null) throw new ChatError('message_empty')
    if (next.content !== row.content || next.image !== row.image) await applyEdit(ctx, tx, row, next)
    return viewStoredIn(ctx, tx, roomId, id)
  })
}

async function requireOwnMessage(ctx: Ctx, roomId: number, id: number): Promise<queries.MessageRow> {
  await requireMember(ctx.db, roomId, ctx.actor.id)
  const row = await queries.findMessage(ctx.db, roomId, id)
  if (!row || row.deleted_at !== null) throw new ChatError('message_not_found')
  if (row.sender_id !== ctx.actor.id) throw new ChatError('not_allowed')
  if (!(await queries.mayWrite(ctx.db, roomId, ctx.actor.id))) throw new ChatError('cannot_message')
  return row
}

async function applyEdit(
  ctx: Ctx,
  tx: Tx,
  row: queries.MessageRow,
  next: { content: string; image: string | null },
): Promise<void> {
  const { media } = ctx.core.services
  await queries.setMessage(tx, row, next)
  if (next.image !== row.image && next.image !== null) await media.attach(tx, next.image)
  if (next.image !== row.image && row.image !== null) await media.detach(tx, row.image)
  const edited = await queries.findMessage(tx, row.room_id, row.id)
  if (!edited) throw new ChatError('message_not_found')
  const [message] = await viewMessages(ctx.core, tx, [edited], null)
  if (message) await record(tx, MessageUpdated, { to: row.room_id, data: { message }, messageId: row.id })
}

async function viewStoredIn(ctx: Ctx, tx: Tx, roomId: number, id: number): Promise<Message> {
  const row = await queries.findMessage(tx, roomId, id)
  const [message] = row ? await viewMessages(ctx.core, tx, [row], ctx.actor.id) : []
  if (!message) throw new ChatError('message_not_found')
  return message
}

/**
 * Deletes a message for all; the room's last message becomes the one before.
 *
 * @throws ChatError room_not_found, message_not_found, not_allowed
 */
export function deleteMessage(ctx: Ctx, roomId: number, id: number): Promise<void> {
  return ctx.transaction(async (tx) => {
    const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
    const row = await queries.findMessage(tx, roomId, id)
    if (!row || row.deleted_at !== null) throw new ChatError('message_not_found')
    const isModerator = room.kind === 'group' && room.role === 'admin'
    if (row.sender_id !== ctx.actor.id && !isModerator) throw new ChatError('not_allowed')
    await queries.buryMessage(tx, row)
    await queries.setLastMessageBefore(tx, row)
    if (row.image !== null) await ctx.core.services.media.detach(tx, row.image)
    const data = { room: roomId, message_id: id, no: row.no, sender: { id: row.sender_id } }
    await record(tx, MessageDeleted, { to: roomId, data })
  })
}
