/** What the events of rooms do to the state. */
import type { EventMap, Member, Room } from '../contract.gen.ts'
import { type Context, type RoomEntry, type State, without } from '../state.ts'
import { changeRoom, doubtRooms, dropRoom, putRoom } from './list.ts'

/** A room appears in the list. Its counts follow with the next look at the list. */
export function roomCreated(state: State, { room }: EventMap['room.created'], { me }: Context): State {
  const known = state.rooms.byId[room.id]
  const entry: RoomEntry = {
    ...(known ?? { last_message: null, unread_count: 0, read_no: undefined, last_no: undefined, mention_count: 0 }),
    id: room.id,
    chat_name: room.chat_name,
    group_image: room.group_image,
    is_group: room.is_group,
    peer_id: room.is_group ? null : (room.participants.find(({ id }) => id !== me)?.id ?? null),
    muted_until: room.muted_until,
    active_at: known?.active_at ?? room.created_at,
    counted: known?.counted ?? [],
    recountedBy: known?.recountedBy,
  }
  return doubtRooms({ ...state, rooms: putRoom(state.rooms, entry) })
}

/** A room is gone, with all that is known of it. */
export function roomDeleted(state: State, { room }: EventMap['room.deleted']): State {
  return {
    ...state,
    rooms: dropRoom(state.rooms, room),
    windows: without(state.windows, room),
    details: without(state.details, room),
    typing: without(state.typing, room),
    receipts: without(state.receipts, room),
  }
}

/** A room is out of the list until its next message. */
export function roomHidden(state: State, { room }: EventMap['room.hidden']): State {
  return { ...state, rooms: dropRoom(state.rooms, room) }
}

export function roomMuted(state: State, { room, muted_until }: EventMap['room.muted']): State {
  return changeDetails(
    changeRoom(state, room, (entry) => ({ ...entry, muted_until })),
    room,
    (details) => ({ ...details, muted_until }),
  )
}

/** Ends the mutes whose time is over: nothing tells of it. */
export function expireMutes(state: State, now: number): State {
  const over = state.rooms.order.filter((id) => {
    const until = state.rooms.byId[id]?.muted_until
    return until != null && Date.parse(until) <= now
  })
  return over.reduce((next, room) => roomMuted(next, { room, muted_until: null }), state)
}

/** What is absent is as it was. */
export function roomUpdated(state: State, { room, name, image }: EventMap['room.updated']): State {
  const shown = {
    ...(name === undefined ? {} : { chat_name: name }),
    ...(image === undefined ? {} : { group_image: image }),
  }
  return changeDetails(
    changeRoom(state, room, (entry) => ({ ...entry, ...shown })),
    room,
    (details) => ({ ...details, ...shown, room_name: name ?? details.room_name }),
  )
}

export function memberAdded(state: State, { room, members }: EventMap['member.added']): State {
  return changeDetails(state, room, (details) => {
    const added = members.filter((member) => !details.participants.some(({ id }) => id === member.id))
    const participants = [...details.participants, ...added.map((member) => ({ ...member, ...seen(state, member) }))]
    return { ...details, participants: participants.sort(byId), member_count: details.member_count + added.length }
  })
}

/** Somebody is out; where it is oneself, so is the room. */
export function memberRemoved(state: State, removed: EventMap['member.removed'], { me }: Context): State {
  if (removed.user_id === me) return roomDeleted(state, removed)
  return changeDetails(state, removed.room, (details) => ({
    ...details,
    participants: details.participants.filter(({ id }) => id !== removed.user_id),
    admins: details.admins.filter(({ id }) => id !== removed.user_id),
    member_count: details.participants.some(({ id }) => id === removed.user_id)
      ? details.member_count - 1
      : details.member_count,
  }))
}

export function memberRoleChanged(state: State, change: EventMap['member.role_changed'], { me }: Context): State {
  const { user_id: userId, is_admin: isAdmin } = change
  return changeDetails(state, change.room, (details) => ({
    ...details,
    is_admin: userId === me ? isAdmin : details.is_admin,
    admins: [...details.admins.filter(({ id }) => id !== userId), ...(isAdmin ? [{ id: userId }] : [])].sort(byId),
    participants: details.participants.map((one) => (one.id === userId ? { ...one, is_admin: isAdmin } : one)),
  }))
}

function changeDetails(state: State, id: number, change: (details: Room) => Room): State {
  const details = state.details[id]
  return details ? { ...state, details: { ...state.details, [id]: change(details) } } : state
}

function seen(state: State, { id }: Member): { online_status: boolean; last_seen: string | null } {
  return state.presence[id] ?? { online_status: false, last_seen: null }
}

function byId(one: { id: number }, other: { id: number }): number {
  return one.id - other.id
}
