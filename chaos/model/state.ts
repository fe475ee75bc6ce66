/** What a client knows, as the protocol lets it: filled by fetching, kept true by events. */
import type { Message } from '@confab/contract/messages/resources'
import type { Notification } from '@confab/contract/notifications/resources'
import type { Room } from '@confab/contract/rooms/resources'

/** A message, of which a long text is kept shortened. */
export type MessageState = Readonly<{
  no: number
  sender: number
  content: string
  image: string | null
  editedAt: string | null
  clientId: string | null
}>

export type RoomState = {
  readonly id: number
  readonly isGroup: boolean
  name: string
  image: string | null
  mutedUntil: string | null
  /** Hidden rooms are in no list until something is said in them. */
  isHidden: boolean
  /** Who is in it, and whether they are an admin. */
  readonly members: Map<number, boolean>
  /** The newest messages by id: all from number `firstNo` on. */
  readonly messages: Map<number, MessageState>
  firstNo: number
}

/** One's own account, without what changes by itself (presence) or has its own events (friends). */
export type ProfileState = Readonly<{
  username: string
  fullName: string | null
  bio: string | null
  email: string
  image: string | null
  settings: string
}>

/** What one is told of: the room and message it is about, if it is about one, and whether it is read. */
export type NotificationState = {
  readonly room: number | null
  readonly message: number | null
  /** Of the message in its room. */
  readonly no: number | null
  isRead: boolean
}

export type State = {
  readonly myId: number
  profile: ProfileState | undefined
  readonly rooms: Map<number, RoomState>
  readonly friends: Set<number>
  /** By id: from whom to whom, and what became of it. */
  readonly requests: Map<number, string>
  readonly blocked: Set<number>
  readonly notifications: Map<number, NotificationState>
}

/** Nothing known yet. */
export function emptyState(myId: number): State {
  return {
    myId,
    profile: undefined,
    rooms: new Map(),
    friends: new Set(),
    requests: new Map(),
    blocked: new Set(),
    notifications: new Map(),
  }
}

/** Messages kept of a room; older ones are forgotten. */
const MAX_MESSAGES = 300

/** Texts beyond this length are kept by their length and ends. */
const LONG_TEXT = 200

export function toMessageState(message: Message): MessageState {
  return {
    no: message.no,
    sender: message.sender.id,
    content: shorten(message.content),
    image: pathOf(message.image),
    editedAt: message.edited_at,
    clientId: message.client_id,
  }
}

export function toRoomState(room: Room): RoomState {
  return {
    id: room.id,
    isGroup: room.is_group,
    name: room.chat_name,
    image: pathOf(room.group_image),
    mutedUntil: room.muted_until,
    isHidden: false,
    members: new Map(room.participants.map((member) => [member.id, member.is_admin])),
    messages: new Map(),
    firstNo: 1,
  }
}

export function toNotificationState(notification: Notification): NotificationState {
  const { room_id: room, message_id: message, message_no: no, is_read: isRead } = notification
  return { room, message, no, isRead }
}

/** Adds or replaces a message; one that is older than what is known of the room stays unknown. */
export function putMessage(room: RoomState, id: number, message: MessageState): void {
  if (message.no < room.firstNo) return
  room.messages.set(id, message)
  if (room.messages.size <= MAX_MESSAGES) return
  const numbers = [...room.messages.values()].map(({ no }) => no).sort((one, other) => one - other)
  room.firstNo = numbers[Math.floor(MAX_MESSAGES / 2)] ?? room.firstNo
  for (const [key, { no }] of room.messages) if (no < room.firstNo) room.messages.delete(key)
}

/** Addresses of images are signed for a time; what they name is in their path. */
export function pathOf(url: string | null): string | null {
  return url === null ? null : new URL(url, 'http://any').pathname
}

export function shorten(text: string): string {
  return text.length <= LONG_TEXT ? text : `${text.slice(0, 60)}…${text.length}…${text.slice(-20)}`
}

/** A room as plain data, messages from a number on: two of the same are equal. */
export function describeRoom(room: RoomState, fromNo = room.firstNo) {
  const { id, isGroup, name, image, mutedUntil } = room
  const messages = [...room.messages]
    .filter(([, message]) => message.no >= fromNo)
    .sort(([one], [other]) => one - other)
  return { id, isGroup, name, image, mutedUntil, members: sorted(room.members), messages }
}

/** A state as plain data. */
export function describeState(state: State) {
  const rooms = [...state.rooms.values()].filter((room) => !room.isHidden).sort((one, other) => one.id - other.id)
  return {
    profile: state.profile,
    rooms: rooms.map((room) => describeRoom(room)),
    friends: [...state.friends].sort((one, other) => one - other),
    requests: sorted(state.requests),
    blocked: [...state.blocked].sort((one, other) => one - other),
    notifications: sorted(state.notifications).map(([id, one]) => [id, { ...one }] as const),
  }
}

function sorted<Value>(map: ReadonlyMap<number, Value>): [number, Value][] {
  return [...map].sort(([one], [other]) => one - other)
}
