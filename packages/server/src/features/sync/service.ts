import { type Topic, topicOf } from '@confab/contract/define-event'
import type { Ready } from '@confab/contract/gateway/frames'
import type { Ctx } from '../../ctx.ts'
import { encodeCursor } from '../../http/paging.ts'
import type { Signal } from '../../realtime/bus.ts'
import { getProfile } from '../accounts/profile-service.ts'
import { countUnread } from '../notifications/service.ts'
import { listRooms } from '../rooms/list-service.ts'
import * as queries from './queries.ts'

declare module '../../ctx.ts' {
  interface Services {
    /** The epoch of the database; see `createEpochReader`. */
    epoch: () => Promise<string>
  }
}

/** Chats in `ready`; the rest is at `rooms_next`. */
const READY_ROOMS = 50

/** What a socket begins with: the state of everything somebody follows, and the position each part of it was read at. */
export type Snapshot = Readonly<{
  positions: ReadonlyMap<Topic, number>
  content: Pick<Ready, 'epoch' | 'me' | 'rooms' | 'rooms_next' | 'totals'>
}>

/**
 * Reads the snapshot in one transaction that sees one moment (REPEATABLE READ): what is said of a topic holds exactly
 * what happened up to its position. A constant number of queries, whatever the number of rooms.
 */
export async function takeSnapshot(ctx: Ctx): Promise<Snapshot> {
  const epoch = await ctx.core.services.epoch()
  return ctx.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const reading: Ctx = { ...ctx, db: tx }
      const rooms = await queries.listRoomPositions(tx, ctx.actor.id)
      const userSeq = await queries.getUserPosition(tx, ctx.actor.id)
      const chats = await listRooms(reading, { limit: String(READY_ROOMS) })
      const seqs = new Map(rooms.map((room) => [room.id, room.seq]))
      const shown = rooms.filter((room) => !room.is_hidden)
      return {
        positions: new Map<Topic, number>([
          [topicOf('user', ctx.actor.id), userSeq],
          ...rooms.map((room): [Topic, number] => [topicOf('room', room.id), room.seq]),
        ]),
        content: {
          epoch,
          me: await getProfile(reading),
          rooms: chats.chats.map((chat) => ({ ...chat, seq: seqs.get(chat.id) ?? 0 })),
          rooms_next: nextChats(chats),
          totals: {
            rooms: shown.length,
            unread_rooms: shown.filter((room) => room.unread_count > 0).length,
            unread_messages: shown.reduce((sum, room) => sum + room.unread_count, 0),
            unread_notifications: await countUnread(tx, ctx.actor.id),
          },
        },
      }
    })
}

function nextChats({ list, page }: Awaited<ReturnType<typeof listRooms>>): string | null {
  const last = page.rows.at(-1)
  if (!page.hasAfter || !last) return null
  const cursor = encodeCursor(list, { key: [last.sortKey, last.id], backward: false })
  return `/api/chatrooms/?cursor=${cursor}&limit=${READY_ROOMS}`
}

/** The topics that somebody follows now. */
export async function listTopics(ctx: Ctx): Promise<Topic[]> {
  const rooms = await queries.listRoomIds(ctx.db, ctx.actor.id)
  return [topicOf('user', ctx.actor.id), ...rooms.map((room) => topicOf('room', room))]
}

/** What is going on in some topics and is in no snapshot: who is typing, as far as this server has heard of it. */
export function listPassing(ctx: Ctx, topics: ReadonlySet<Topic>): Signal[] {
  return ctx.core.services.typing.listSignals(ctx.actor.id, topics)
}
