import type {
  BlockedUser,
  Chat,
  Friend,
  FriendRequest,
  Message,
  Notification,
  Person,
  Profile,
  Ready,
  ReadyRoom,
  Room,
} from './contract.gen.ts'

/**
 * A room in the list: the server's, and what keeps its counts right. `read_no` and `last_no` are undefined where they are
 * not known: of rooms that an event told of, until the list is fetched.
 */
export type RoomEntry = Omit<Chat, 'read_no' | 'last_no'> &
  Readonly<{
    read_no: number | undefined
    last_no: number | undefined
    /** Numbers of others' messages that were counted as they came: what a read mark's count is to be added to. */
    counted: readonly number[]
    /** What changed the count last since it was fetched: signals and events may pass each other. */
    recountedBy: 'mark' | 'deletion' | undefined
  }>

/** The list of rooms, latest activity first. */
export type Rooms = Readonly<{
  byId: Readonly<Record<number, RoomEntry>>
  order: readonly number[]
  /** Where the list goes on; null at its end. */
  next: string | null
  /** Something about it is not certain; it is being fetched anew. */
  isStale: boolean
}>

/** A page of messages that was fetched in one piece, and the cursors at its ends; null where there is nothing more. */
export type Page = Readonly<{ oldest: number; newest: number; older: string | null; newer: string | null }>

/** The messages of a room that are here: a stretch without holes, oldest first, that can grow at both ends. */
export type MessageWindow = Readonly<{
  messages: readonly Message[]
  /** The cursor of what came before; null at the room's beginning. `''` where it is found from the newest on. */
  older: string | null
  /** The cursor of what came after; null where the window reaches the present and grows by itself. */
  newer: string | null
  /** The pages it was made from, oldest first: where it can be cut. */
  pages: readonly Page[]
  /** What passes without a trace (receipts) was missed since it was fetched. */
  isStale: boolean
}>

/** How far somebody has read a room. */
export type ReadMark = Readonly<{ no: number; message_id: number; read_at: string; username: string }>

/** Somebody who is typing, until then (in the device's time, ms). */
export type Typist = Readonly<{ id: number; username: string; until: number }>

/** Whether somebody is there, as far as one may know. */
export type Presence = Readonly<{ online_status: boolean; last_seen: string | null }>

/** Notifications that are here, newest first. */
export type Notifications = Readonly<{
  items: readonly Notification[]
  /** All unread ones, also those that are not here; 1,000 means that many or more. */
  unreadCount: number
  next: string | null
  isLoaded: boolean
  isStale: boolean
  /** Messages that were edited or deleted before anything was told of them, the latest last. */
  early: readonly EarlyChange[]
}>

/** What became of a message of which one is perhaps still to be notified: what is told of a room and of oneself may cross. */
export type EarlyChange = Readonly<{ messageId: number; isGone: boolean }>

/** Friends, requests and blocks. */
export type People = Readonly<{
  friends: readonly Friend[]
  requests: readonly FriendRequest[]
  blocks: readonly BlockedUser[]
  /** Who is behind a request, as far as events told. */
  persons: Readonly<Record<number, Person>>
  isLoaded: boolean
  isStale: boolean
}>

/**
 * Where a send is: `queued` waits its turn or the network, `sending` is on its way, `sent` is stored by the server,
 * `failed` was refused and waits for a retry or for being discarded. Once it came back as a message of the room it is
 * out of the outbox: see `deliveryOf` for what is known of it then.
 */
export type SendStatus = 'queued' | 'sending' | 'sent' | 'failed'

/** How large an image is, upright, in pixels. */
export type ImageSize = Readonly<{ width: number; height: number }>

/** A message that one sends, from the moment it was written until it is a message of the room. */
export type OutboxEntry = Readonly<{
  /** The sender's own id of the message: makes every retry the same send. */
  clientId: string
  room: number
  content: string
  image: Blob | undefined
  /** How large the image is, where its sender said so. */
  imageSize: ImageSize | undefined
  /** ISO 8601, by the device's clock. */
  createdAt: string
  /** The order of sends: grows with every one, a retry gets a new one. */
  order: number
  status: SendStatus
  /** How much of an image is sent, from 0 to 1. */
  progress: number
  /** Why it failed. */
  error: Readonly<{ code: string; message: string }> | undefined
}>

/** How the connection is doing; see `ConnectionStatus`. */
export type Status = 'stopped' | 'connecting' | 'live' | 'waiting' | 'logged_out'

/** Everything the client knows. It is never changed in place: what did not change is the same object. */
export type State = Readonly<{
  status: Status
  /** Whether the first state of the server has come. */
  isReady: boolean
  me: Profile | undefined
  limits: Ready['limits'] | undefined
  rooms: Rooms
  windows: Readonly<Record<number, MessageWindow>>
  /** Rooms with their members, of those that were asked for. */
  details: Readonly<Record<number, Room>>
  typing: Readonly<Record<number, readonly Typist[]>>
  presence: Readonly<Record<number, Presence>>
  /** Read marks by room and person, of rooms whose messages are here. */
  receipts: Readonly<Record<number, Readonly<Record<number, ReadMark>>>>
  notifications: Notifications
  people: People
  outbox: readonly OutboxEntry[]
}>

/** What a change may depend on beside the state. */
export type Context = Readonly<{ me: number; now: number }>

export const noRooms: Rooms = { byId: {}, order: [], next: null, isStale: false }
export const noNotifications: Notifications = {
  items: [],
  unreadCount: 0,
  next: null,
  isLoaded: false,
  isStale: false,
  early: [],
}
export const noPeople: People = {
  friends: [],
  requests: [],
  blocks: [],
  persons: {},
  isLoaded: false,
  isStale: false,
}

/** What is known at first. */
export const emptyState: State = {
  status: 'stopped',
  isReady: false,
  me: undefined,
  limits: undefined,
  rooms: noRooms,
  windows: {},
  details: {},
  typing: {},
  presence: {},
  receipts: {},
  notifications: noNotifications,
  people: noPeople,
  outbox: [],
}

/** A record without one of its keys; the same where it has no such key. */
export function without<V>(record: Readonly<Record<number, V>>, key: number): Readonly<Record<number, V>> {
  if (!(key in record)) return record
  const { [key]: _, ...rest } = record
  return rest
}

/** A room of `ready` as an entry of the list. */
export function toEntry({ seq: _, ...room }: ReadyRoom): RoomEntry {
  return { ...room, counted: [], recountedBy: undefined }
}
