import Type from 'typebox'
import { defineEvent } from '../define-event.ts'
import { Id, ImageUrl, nullable, Timestamp } from '../fields.ts'
import { Member, Room } from './resources.ts'

/** Somebody has a room that they did not have in their list: it was made, they were added, joined, or opened it again. */
export const RoomCreated = defineEvent('room.created', { topic: 'user' }, { room: Room })

/** Somebody has lost a room: it was deleted, they left, or were removed. */
export const RoomDeleted = defineEvent('room.deleted', { topic: 'user' }, { room: Id })

/** The same fact in the room itself, its last event: whoever follows it stops. */
export const RoomClosed = defineEvent('room.deleted', { topic: 'room' }, { room: Id })

/** Somebody does not want to see a direct room until its next message. */
export const RoomHidden = defineEvent('room.hidden', { topic: 'user' }, { room: Id })

/** Somebody wants a room to be silent until then, or (null) to notify them again. */
export const RoomMuted = defineEvent('room.muted', { topic: 'user' }, { room: Id, muted_until: nullable(Timestamp) })

/** A group has a new name or picture; what is absent is as it was. */
export const RoomUpdated = defineEvent(
  'room.updated',
  { topic: 'room' },
  { room: Id, name: Type.Optional(Type.String()), image: Type.Optional(ImageUrl) },
)

/** People were added to a group, or (`added_by` null) somebody joined by its link. */
export const MemberAdded = defineEvent(
  'member.added',
  { topic: 'room' },
  { room: Id, members: Type.Array(Member), added_by: nullable(Id) },
)

/** Somebody is no longer in a group. To them the room is gone from here on: their sockets hear nothing more of it. */
export const MemberRemoved = defineEvent(
  'member.removed',
  { topic: 'room' },
  {
    room: Id,
    user_id: Id,
    removed_by: nullable(Id),
    reason: Type.Union([Type.Literal('left'), Type.Literal('removed')]),
  },
)

/** Somebody is an admin of the group now, or no longer. */
export const MemberRoleChanged = defineEvent(
  'member.role_changed',
  { topic: 'room' },
  { room: Id, user_id: Id, is_admin: Type.Boolean(), changed_by: Id },
)
