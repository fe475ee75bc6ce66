/**
 * Rooms on the wire. A room differs from one member to another: a direct room has the name and picture of the other, and
 * whether people are there is told only to those who may know.
 */
import {
  type Chat,
  type Invitation,
  MAX_EVENT_PARTICIPANTS,
  type Member,
  type Participant,
  type Room,
} from '@confab/contract/rooms/resources'
import { ChatError } from '../../chat-error.ts'
import type { Core } from '../../ctx.ts'
import type { Db } from '../../db/open.ts'
import type { ChatRow } from './list-queries.ts'
import {
  findInvitingRoom,
  listBlockedPairs,
  listMemberRows,
  listMemberRowsOf,
  listViewedRooms,
  type MemberRow,
  type ViewedRoom,
} from './view-queries.ts'

/** What a direct room is called whose other person is gone: a chat always has a name. */
const NOBODY = 'Deleted user'

/**
 * A room with all its members, in the view of one of them.
 *
 * @throws ChatError room_not_found if they are not a member
 */
export async function viewRoom(db: Db, core: Core, roomId: number, viewerId: number): Promise<Room> {
  const room = (await viewRooms(db, core, { roomId, viewerIds: [viewerId], limit: null })).get(viewerId)
  if (!room) throw new ChatError('room_not_found')
  return room
}

/**
 * A room in the view of each of these members, as events carry it: of a large group only some participants. The same
 * number of queries however many they are.
 */
export function viewRoomsFor(
  db: Db,
  core: Core,
  roomId: number,
  viewerIds: readonly number[],
): Promise<Map<number, Room>> {
  return viewRooms(db, core, { roomId, viewerIds, limit: MAX_EVENT_PARTICIPANTS })
}

async function viewRooms(
  db: Db,
  core: Core,
  wanted: { roomId: number; viewerIds: readonly number[]; limit: number | null },
): Promise<Map<number, Room>> {
  const { roomId, viewerIds, limit } = wanted
  const rooms = await listViewedRooms(db, roomId, viewerIds)
  if (rooms.length === 0) return new Map()
  const members = await listMemberRows(db, roomId, limit)
  const isBlocked = await findBlocks(db, viewerIds, members)
  return new Map(rooms.map((room) => [room.viewerId, toRoom(core, { roomId, room, members, isBlocked })]))
}

/** Members of a group as an event tells all others of them. */
export async function viewMembers(db: Db, core: Core, roomId: number, userIds: readonly number[]): Promise<Member[]> {
  const rows = await listMemberRowsOf(db, roomId, userIds)
  return rows.map((row) => toMember(core, row))
}

type IsBlocked = (viewerId: number, seenId: number) => boolean

async function findBlocks(db: Db, viewerIds: readonly number[], members: readonly MemberRow[]): Promise<IsBlocked> {
  const pairs = await listBlockedPairs(
    db,
    viewerIds,
    members.map((member) => member.id),
  )
  const blocked = new Set(pairs.map((pair) => `${pair.viewerId}:${pair.seenId}`))
  return (viewerId, seenId) => blocked.has(`${viewerId}:${seenId}`)
}

function toRoom(
  core: Core,
  seen: { roomId: number; room: ViewedRoom; members: readonly MemberRow[]; isBlocked: IsBlocked },
): Room {
  const { roomId, room, members, isBlocked } = seen
  const other = members.find((member) => member.id !== room.viewerId)
  return {
    id: roomId,
    is_group: room.kind === 'group',
    participants: members.map((member) =>
      toParticipant(core, member, member.id === room.viewerId || !isBlocked(room.viewerId, member.id), room.viewerId),
    ),
    admins: members.filter((member) => member.isAdmin).map((member) => ({ id: member.id })),
    ...titleOf(core, room, other),
    room_name: room.kind === 'group' ? room.name : null,
    member_count: room.memberCount,
    is_admin: room.isAdmin,
    muted_until: room.mutedUntil,
    created_at: room.createdAt,
  }
}

function toMember(core: Core, row: MemberRow): Member {
  return {
    id: row.id,
    username: row.username,
    full_name: fullNameOf(row),
    is_admin: row.isAdmin,
    profile_pic: row.image === null ? null : core.services.media.imageUrl('profile', row.image, ''),
  }
}

function toParticipant(core: Core, row: MemberRow, isOpen: boolean, viewerId: number): Participant {
  const isShown = row.id === viewerId || (isOpen && row.showsPresence)
  return {
    ...toMember(core, row),
    online_status: isShown && core.services.presence.isOnline(row.id),
    last_seen: isShown ? row.lastSeenAt : null,
  }
}

type Named = Pick<MemberRow, 'username' | 'firstName' | 'lastName' | 'image'>

function titleOf(
  core: Core,
  room: { kind: 'direct' | 'group'; name: string; image: string | null },
  other: Named | null | undefined,
): { group_image: string | null; chat_name: string } {
  const { media } = core.services
  if (room.kind === 'group') {
    return { group_image: room.image === null ? null : media.imageUrl('group', room.image, ''), chat_name: room.name }
  }
  return {
    group_image: other?.image ? media.imageUrl('profile', other.image, '') : null,
    chat_name: other ? (fullNameOf(other) ?? other.username) : NOBODY,
  }
}

function fullNameOf(person: Pick<Named, 'firstName' | 'lastName'>): string | null {
  return `${person.firstName} ${person.lastName}`.trim() || null
}

/** A room in the list of chats. */
export function toChat(core: Core, row: ChatRow): Chat {
  return {
    id: row.id,
    ...titleOf(core, row, row.other),
    is_group: row.kind === 'group',
    peer_id: row.other?.id ?? null,
    last_message: row.lastMessage,
    unread_count: row.unreadCount,
    mention_count: row.mentionCount,
    read_no: row.readNo,
    last_no: row.lastNo,
    muted_until: row.mutedUntil,
    active_at: row.activeAt,
  }
}

/** The group that a link leads to, as everybody who has the link may see it. */
export async function viewInvitation(core: Core, shareId: string): Promise<Invitation | undefined> {
  const room = await findInvitingRoom(core.database.kysely, shareId)
  return room && { ...titleOf(core, { kind: 'group', ...room }, null), member_count: room.memberCount }
}
