import { parseTopic } from '@confab/contract/define-event'
import type { Message } from '@confab/contract/messages/resources'
import type { ReadStatus } from '@confab/contract/receipts/resources'
import type { Core } from '../../ctx.ts'
import type { Db } from '../../db/open.ts'
import type { StoredEvent } from '../../realtime/log.ts'
import { listReadStatusesOf } from '../receipts/service.ts'
import { listMessagesByKeys, type MessageRow } from './queries.ts'

/** A message on the wire, with the receipts that its viewer may see. */
export function toMessage(core: Core, row: MessageRow, readStatuses: ReadStatus[] = []): Message {
  const { media } = core.services
  return {
    id: row.id,
    room: row.room_id,
    sender: { id: row.sender_id, username: row.username },
    content: row.content,
    timestamp: row.created_at,
    image: row.image === null ? null : media.imageUrl('message', row.image, ''),
    thumbnail: row.image === null ? null : media.thumbnailUrl('message', row.image, ''),
    image_width: row.image_width,
    image_height: row.image_height,
    read_statuses: readStatuses,
    edited_at: row.edited_at,
    no: row.no,
    client_id: row.client_id,
  }
}

/** Messages of one room as somebody sees them; one query for all their receipts. */
export async function viewMessages(
  core: Core,
  db: Db,
  rows: readonly MessageRow[],
  viewerId: number | null,
): Promise<Message[]> {
  const statuses = await listReadStatusesOf(db, rows, viewerId)
  return rows.map((row) => toMessage(core, row, statuses.get(row.id)))
}

/** The data of message events that are read back from the log: the messages as they are now, where they are left. */
export async function loadMessageEvents(
  core: Core,
  db: Db,
  events: readonly StoredEvent[],
): Promise<({ message: Message } | undefined)[]> {
  const keys = events.map((event) => ({ roomId: parseTopic(event.topic).id, id: event.messageId ?? 0 }))
  const rows = await listMessagesByKeys(db, keys)
  const messages = new Map(rows.map((row) => [row.id, toMessage(core, row)]))
  return keys.map((key) => {
    const message = messages.get(key.id)
    return message && { message }
  })
}
