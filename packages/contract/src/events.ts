/** Every event and signal there is, in one list: for the published documents, and for clients that must know them all. */
import type { Static, TObject } from 'typebox'
import { UserUpdated } from './accounts/events.ts'
import type { EventDefinition, SignalDefinition } from './define-event.ts'
import { MessageCreated, MessageDeleted, MessageUpdated } from './messages/events.ts'
import {
  NotificationCreated,
  NotificationDeleted,
  NotificationRead,
  NotificationReopened,
} from './notifications/events.ts'
import {
  FriendAdded,
  FriendRemoved,
  FriendRequestAccepted,
  FriendRequestCancelled,
  FriendRequestCreated,
  FriendRequestRejected,
  PersonChanged,
  UserBlocked,
  UserUnblocked,
} from './people/events.ts'
import { PresenceChanged } from './presence/events.ts'
import { UserDeleted } from './privacy/events.ts'
import { ReceiptMoved, UnreadChanged } from './receipts/events.ts'
import {
  MemberAdded,
  MemberRemoved,
  MemberRoleChanged,
  RoomClosed,
  RoomCreated,
  RoomDeleted,
  RoomHidden,
  RoomMuted,
  RoomUpdated,
} from './rooms/events.ts'
import { TypingChanged } from './typing/events.ts'

export const durableEvents = [
  MessageCreated,
  MessageUpdated,
  MessageDeleted,
  RoomCreated,
  RoomUpdated,
  RoomDeleted,
  RoomClosed,
  RoomHidden,
  RoomMuted,
  MemberAdded,
  MemberRemoved,
  MemberRoleChanged,
  FriendRequestCreated,
  FriendRequestAccepted,
  FriendRequestRejected,
  FriendRequestCancelled,
  FriendAdded,
  FriendRemoved,
  UserUpdated,
  UserDeleted,
  UserBlocked,
  UserUnblocked,
  NotificationCreated,
  NotificationRead,
  NotificationReopened,
  NotificationDeleted,
] as const satisfies readonly EventDefinition[]

export const signals = [
  TypingChanged,
  ReceiptMoved,
  UnreadChanged,
  PresenceChanged,
  PersonChanged,
] as const satisfies readonly SignalDefinition[]

type DataByName<Definitions extends readonly { name: string; data: TObject }[]> = {
  [Definition in Definitions[number] as Definition['name']]: Static<Definition['data']>
}

/** The data of every durable event, by its name. */
export type EventMap = DataByName<typeof durableEvents>

/** The data of every signal, by its name. */
export type SignalMap = DataByName<typeof signals>
