// Made by `npm run gen -w @confab/client` from packages/contract; do not edit.


export type Profile = {
  readonly id: number
  readonly username: string
  readonly first_name: string
  readonly last_name: string
  readonly bio: string | null
  /** Empty where there is none */
  readonly email: string
  readonly profile_pic: string | null
  /** Null until a name is set */
  readonly full_name: string | null
  /** The ids of one’s friends, the lowest 1,000 of them */
  readonly friends: readonly number[]
  readonly online_status: boolean
  readonly last_seen: string | null
  /** Whether one may tell everyone something */
  readonly is_staff: boolean
  readonly allow_direct_messages: "everyone" | "friends"
  readonly allow_group_adds: "everyone" | "friends"
  readonly email_visibility: "nobody" | "friends"
  readonly presence_visibility: "everyone" | "nobody"
  readonly send_read_receipts: boolean
}

export type LastMessage = {
  readonly id: number
  readonly sender_id: number
  readonly sender_name: string
  /** Empty where the message is only an image */
  readonly content: string
  readonly timestamp: string
}

export type ReadyRoom = {
  readonly id: number
  readonly group_image: string | null
  /** A group's name; in a direct room the other's full name or username */
  readonly chat_name: string
  readonly is_group: boolean
  /** The other person of a direct room; null in a group */
  readonly peer_id: number | null
  readonly last_message: LastMessage | null
  readonly unread_count: number
  /** Unread messages that mention one */
  readonly mention_count: number
  /** The number of the message up to which one has read */
  readonly read_no: number
  /** The number of the newest message */
  readonly last_no: number
  /** Until then the room notifies its member of nothing; the year 9999 stands for ever */
  readonly muted_until: string | null
  /** When something was last said, or the room was made: the usual order */
  readonly active_at: string
  /** Events up to this one are in what is said of the room */
  readonly seq: number
}

export type Ready = {
  readonly type: "ready"
  /** Names this socket */
  readonly session: string
  /** Whether what was missed has been replayed, but for topics with a `resync` */
  readonly resumed: boolean
  /** Changes when the database was restored from a backup */
  readonly epoch: string
  readonly me: Profile
  /** The chats of latest activity, 50 at the most */
  readonly rooms: readonly ReadyRoom[]
  /** Where the list of chats goes on */
  readonly rooms_next: string | null
  readonly positions: Readonly<Record<string, number>>
  readonly totals: {
    readonly rooms: number
    readonly unread_rooms: number
    readonly unread_messages: number
    readonly unread_notifications: number
  }
  readonly server_time: string
  readonly token_expires_at: string
  /** The server pings this often; half as long again in silence is a dead socket */
  readonly heartbeat_ms: number
  readonly limits: {
    readonly message_chars: number
    readonly upload_mb: number
    readonly group_members: number
    readonly frame_bytes: number
    /** On each socket over time, three times as many at once; 0: any number */
    readonly frames_per_second: number
    readonly typing_renew_ms: number
    readonly typing_expire_ms: number
  }
}

export type Nothing = Readonly<Record<never, never>>

export type Session = {
  readonly id: number
  readonly user_agent: string
  /** Where the login came from */
  readonly address: string
  readonly created_at: string
  readonly last_used_at: string
  /** Whether it is the one that asks */
  readonly is_current: boolean
}

export type Tokens = {
  readonly refresh: string
  readonly access: string
}

export type AccessToken = {
  readonly access: string
}

export type ProfileFields = {
  readonly first_name: string
  readonly last_name: string
  readonly bio: string | null
  /** Empty where there is none */
  readonly email: string
  readonly profile_pic: string | null
  readonly allow_direct_messages: "everyone" | "friends"
  readonly allow_group_adds: "everyone" | "friends"
  readonly email_visibility: "nobody" | "friends"
  readonly presence_visibility: "everyone" | "nobody"
  readonly send_read_receipts: boolean
}

export type Readiness = {
  /** `draining`: it is stopping, and takes nobody new */
  readonly status: "ready" | "not ready" | "draining"
  readonly database: "up" | "down"
  /** The way to other servers; while it is down, what happens there arrives seconds later */
  readonly bus: "up" | "down"
}

export type ReadStatus = {
  readonly id: number
  readonly user: {
    readonly id: number
  }
  readonly timestamp: string
}

export type Message = {
  readonly id: number
  readonly room: number
  readonly sender: {
    readonly id: number
    readonly username: string
  }
  /** Empty where the message is only an image */
  readonly content: string
  readonly timestamp: string
  readonly image: string | null
  readonly thumbnail: string | null
  /** Pixels of the image, turned upright; null without one */
  readonly image_width: number | null
  /** Pixels of the image, turned upright; null without one */
  readonly image_height: number | null
  readonly read_statuses: readonly ReadStatus[]
  readonly edited_at: string | null
  /** The place of the message in its room: 1, 2, 3 … */
  readonly no: number
  /** The sender's own id for it, for matching an optimistic send */
  readonly client_id: string | null
}

export type Notification = {
  readonly id: number
  /** A username; null where the system speaks */
  readonly sender: string | null
  /** The text of the message, empty where it is only an image; a sentence for every other type */
  readonly message: string
  /** The name of the group, or the other person of a direct room; for a friend request its sender */
  readonly chat_name: string
  readonly timestamp: string
  readonly is_read: boolean
  readonly notification_type: "new_message" | "mention" | "room_invite" | "friend_request" | "system"
  readonly room_id: number | null
  readonly message_id: number | null
  /** The number of the message in its room */
  readonly message_no: number | null
  /** Of a friend request, whether it was made or accepted; null for every other type */
  readonly friend_request: "made" | "accepted" | null
}

export type Detail = {
  readonly detail: string
}

export type BlockedUser = {
  readonly id: number
  readonly username: string
  /** Null until a name is set */
  readonly full_name: string | null
  readonly profile_pic: string | null
  readonly created_at: string
}

export type FriendRequest = {
  readonly id: number
  readonly from_user: number
  readonly to_user: number
  readonly status: "pending" | "accepted" | "rejected"
  readonly created_at: string
  readonly updated_at: string
}

export type Friend = {
  readonly id: number
  readonly username: string
  readonly bio: string | null
  /** One’s own, or that of a friend who shows it to friends */
  readonly email: string | null
  /** Null until a name is set */
  readonly full_name: string | null
  /** Friends’ ids, the lowest 1,000 of them: one’s own and those of one’s friends; of others none */
  readonly friends: readonly number[]
  readonly profile_pic: string | null
  readonly online_status: boolean
  readonly last_seen: string | null
}

export type User = {
  readonly id: number
  readonly username: string
  readonly bio: string | null
  /** One’s own, or that of a friend who shows it to friends */
  readonly email: string | null
  readonly first_name: string
  readonly last_name: string
  /** Friends’ ids, the lowest 1,000 of them: one’s own and those of one’s friends; of others none */
  readonly friends: readonly number[]
  readonly profile_pic: string | null
  readonly friendship_status: "request_sent" | "request_received" | "friends" | null
  readonly outgoing_request_id: number | null
  readonly incoming_request_id: number | null
  /** Whether the caller has blocked them */
  readonly is_blocked: boolean
}

export type ExportedRoom = {
  readonly id: number
  readonly is_group: boolean
  readonly chat_name: string
  readonly is_admin: boolean
  readonly joined_at: string
  /** The number of the message up to which they have read */
  readonly read_no: number
  readonly muted_until: string | null
}

export type ExportedMessage = {
  readonly id: number
  readonly room: number
  readonly content: string
  readonly timestamp: string
  readonly edited_at: string | null
  readonly image: string | null
  /** Pixels of the image, turned upright; null without one */
  readonly image_width: number | null
  /** Pixels of the image, turned upright; null without one */
  readonly image_height: number | null
}

export type DataExport = {
  readonly exported_at: string
  readonly profile: Profile
  readonly sessions: readonly Session[]
  readonly friends: readonly Friend[]
  readonly friend_requests: readonly FriendRequest[]
  readonly blocks: readonly BlockedUser[]
  readonly rooms: readonly ExportedRoom[]
  /** Their own, in the rooms they are in, by room and age */
  readonly messages: readonly ExportedMessage[]
  readonly notifications: readonly Notification[]
}

export type Participant = {
  readonly id: number
  readonly username: string
  /** Null until a name is set */
  readonly full_name: string | null
  readonly is_admin: boolean
  readonly profile_pic: string | null
  /** False also where the viewer may not know */
  readonly online_status: boolean
  readonly last_seen: string | null
}

export type Room = {
  readonly id: number
  readonly is_group: boolean
  /** All members, by id; in events at most 50, the admins among them first */
  readonly participants: readonly Participant[]
  readonly admins: readonly ({
    readonly id: number
  })[]
  readonly group_image: string | null
  /** A group's name; in a direct room the other's full name or username */
  readonly chat_name: string
  /** The group's own name; null for a direct room */
  readonly room_name: string | null
  readonly member_count: number
  /** Whether the viewer is an admin of it */
  readonly is_admin: boolean
  /** Until then the room notifies its member of nothing; the year 9999 stands for ever */
  readonly muted_until: string | null
  readonly created_at: string
}

export type Invitation = {
  readonly chat_name: string
  readonly group_image: string | null
  readonly member_count: number
}

export type ShareLink = {
  readonly room_id: string
  readonly url: string
}

export type ParticipantName = {
  readonly id: number
  readonly username: string
  readonly is_admin: boolean
}

export type Chat = {
  readonly id: number
  readonly group_image: string | null
  /** A group's name; in a direct room the other's full name or username */
  readonly chat_name: string
  readonly is_group: boolean
  /** The other person of a direct room; null in a group */
  readonly peer_id: number | null
  readonly last_message: LastMessage | null
  readonly unread_count: number
  /** Unread messages that mention one */
  readonly mention_count: number
  /** The number of the message up to which one has read */
  readonly read_no: number
  /** The number of the newest message */
  readonly last_no: number
  /** Until then the room notifies its member of nothing; the year 9999 stands for ever */
  readonly muted_until: string | null
  /** When something was last said, or the room was made: the usual order */
  readonly active_at: string
}

export type Mute = {
  /** Until then the room notifies its member of nothing; the year 9999 stands for ever */
  readonly muted_until: string | null
}

export type Highlight = {
  readonly start: number
  readonly end: number
}

export type MessageHit = {
  readonly id: number
  readonly room: number
  /** A group's name; in a direct room the other's full name or username */
  readonly chat_name: string
  readonly is_group: boolean
  readonly sender: {
    readonly id: number
    readonly username: string
  }
  /** The place of the message in its room */
  readonly no: number
  readonly timestamp: string
  /** The text around what was found */
  readonly snippet: string
  /** In order, without overlaps */
  readonly highlights: readonly Highlight[]
}

export type PersonHit = {
  readonly id: number
  readonly username: string
  readonly full_name: string | null
  readonly profile_pic: string | null
  readonly highlights: {
    /** In order, without overlaps */
    readonly username: readonly Highlight[]
    /** In order, without overlaps */
    readonly full_name: readonly Highlight[]
  }
}

export type RoomHit = {
  readonly id: number
  /** A group's name; in a direct room the other's full name or username */
  readonly chat_name: string
  readonly is_group: boolean
  readonly group_image: string | null
  /** In order, without overlaps */
  readonly highlights: readonly Highlight[]
}

export type Member = {
  readonly id: number
  readonly username: string
  /** Null until a name is set */
  readonly full_name: string | null
  readonly is_admin: boolean
  readonly profile_pic: string | null
}

export type Person = {
  readonly id: number
  readonly username: string
  /** Null until a name is set */
  readonly full_name: string | null
  readonly profile_pic: string | null
}

export type PersonPresence = {
  readonly user_id: number
  readonly online_status: boolean
  readonly status: "online" | "away" | "dnd" | "offline"
  readonly last_seen: string | null
}

/** What each call takes and answers, by its name. */
export type Operations = {
  /** Ends all sessions of one’s own but the one that asks. */
  endOtherSessions: { input: { }; reply: Nothing }
  /** Ends a session of one’s own: its tokens stop working and its sockets are closed. */
  endSession: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** One’s own account. */
  getProfile: { input: { }; reply: Profile }
  /** Whether a username is free. It may be taken by the time that one registers. */
  getUsernameAvailability: { input: { query: {
  readonly username: string
}; }; reply: {
  readonly is_available: boolean
} }
  /** Where one is logged in, the latest login first. */
  listSessions: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
}; }; reply: readonly Session[] }
  /** Logs in. After some wrong passwords each further one makes the next try wait longer. */
  login: { input: { body: {
  readonly identifier: string
  readonly password: string
}; }; reply: {
  readonly tokens: Tokens
} }
  /** Ends the session of a refresh token of one’s own. */
  logout: { input: { body: {
  readonly refresh_token: string
}; }; reply: {
  readonly message: string
} }
  /** Gives a new access token; the refresh token stays valid. */
  refreshToken: { input: { body: {
  readonly refresh: string
}; }; reply: AccessToken }
  /** Opens an account and logs in. */
  register: { input: { body: {
  readonly username: string
  readonly email?: string
  readonly password: string
  readonly confirm_password: string
}; }; reply: {
  readonly message: string
  readonly tokens: Tokens
} }
  /** Changes one’s account, as PATCH does: what is not given stays as it is. */
  replaceProfile: { input: { body?: {
  readonly first_name?: string
  readonly last_name?: string
  readonly bio?: string
  readonly email?: string
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly profile_pic?: Blob | null
  readonly old_password?: string
  readonly new_password?: string
  readonly confirm_password?: string
  readonly allow_direct_messages?: "everyone" | "friends"
  readonly allow_group_adds?: "everyone" | "friends"
  readonly email_visibility?: "nobody" | "friends"
  readonly presence_visibility?: "everyone" | "nobody"
  readonly send_read_receipts?: boolean
}; }; reply: ProfileFields }
  /** Changes one’s account. A new password ends all other sessions. */
  updateProfile: { input: { body?: {
  readonly first_name?: string
  readonly last_name?: string
  readonly bio?: string
  readonly email?: string
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly profile_pic?: Blob | null
  readonly old_password?: string
  readonly new_password?: string
  readonly confirm_password?: string
  readonly allow_direct_messages?: "everyone" | "friends"
  readonly allow_group_adds?: "everyone" | "friends"
  readonly email_visibility?: "nobody" | "friends"
  readonly presence_visibility?: "everyone" | "nobody"
  readonly send_read_receipts?: boolean
}; }; reply: ProfileFields }
  /** The top endpoints, by name. */
  getApiRoot: { input: { }; reply: Readonly<Record<string, string>> }
  /** The sockets as AsyncAPI 3: YAML, or JSON by `Accept` or `?format=json`. */
  getAsyncApi: { input: { query?: {
  /** `json` or `yaml` */
  readonly format?: string
}; }; reply: {
  readonly asyncapi: string
} | string }
  /** This API as OpenAPI 3.1: YAML, or JSON by `Accept` or `?format=json`. */
  getOpenApi: { input: { query?: {
  /** `json` or `yaml` */
  readonly format?: string
}; }; reply: {
  readonly openapi: string
} | string }
  /** Whether the process is up. */
  getHealth: { input: { }; reply: {
  readonly status: "ok"
} }
  /** Whether the server can serve; 503 where it cannot. */
  getReadiness: { input: { }; reply: Readiness }
  /** Deletes a message for all: by its sender, or by an admin of the group. */
  deleteMessage: { input: { params: {
  readonly room: number
  readonly id: number
}; }; reply: Nothing }
  /** Edits the text or image of a message of one’s own. */
  editMessage: { input: { params: {
  readonly room: number
  readonly id: number
}; body?: {
  readonly content?: string | null
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly image?: Blob | null
}; }; reply: Message }
  /** One message. */
  getMessage: { input: { params: {
  readonly room: number
  readonly id: number
}; }; reply: Message }
  /** The messages of a room, newest first; `?ordering=timestamp` or `id` for oldest first. `?around=` a message, `?at=` a time or `?no=` a number, a page from the middle: its links lead both ways. */
  listMessages: { input: { params: {
  readonly room: number
}; query?: {
  readonly cursor?: string
  /** Rows a page, up to 100; default 35 */
  readonly limit?: string
  readonly search?: string
  readonly ordering?: string
  /** The id of the message that the page has in its middle */
  readonly around?: number
  /** The page begins with the first message of this time or later */
  readonly at?: string
  /** The page begins with the message of this number, or the first after it */
  readonly no?: number
}; }; reply: {
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly Message[]
} }
  /** The messages of a room that have an image, newest first. */
  listRoomImages: { input: { params: {
  readonly room: number
}; query?: {
  readonly cursor?: string
  /** Rows a page, up to 100; default 35 */
  readonly limit?: string
}; }; reply: {
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly Message[]
} }
  /** Edits a message of one’s own; a whole message may be sent back, only text and image count. */
  replaceMessage: { input: { params: {
  readonly room: number
  readonly id: number
}; body?: {
  readonly content?: string | null
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly image?: Blob | string | null
}; }; reply: Message }
  /** Sends a text, an image or both. The same `client_id` (or `Idempotency-Key` header) again answers 200. */
  sendMessage: { input: { params: {
  readonly room: number
}; body?: {
  readonly content?: string | null
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly image?: Blob | null
  readonly client_id?: string | null
}; }; reply: Message }
  /** Tells oneself something; staff may tell anyone, or everyone. */
  createNotification: { input: { body: {
  readonly message: string
  readonly user?: number | null
}; }; reply: Notification }
  /** Deletes a notification. */
  deleteNotification: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** One notification. */
  getNotification: { input: { params: {
  readonly id: number
}; }; reply: Notification }
  /** One’s notifications, newest first; `?ordering=timestamp` for oldest first, `?search=` looks in the type. */
  listNotifications: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
  readonly search?: string
  readonly ordering?: string
}; }; reply: readonly Notification[] }
  /** The same list, of those that are not read; `?room=` of one room, `&search=mention` of its mentions. */
  listUnreadNotifications: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
  readonly search?: string
  readonly ordering?: string
  /** Only those of the messages of a room */
  readonly room?: number
}; }; reply: readonly Notification[] }
  /** Marks all of one’s notifications as read. */
  markAllNotificationsRead: { input: { }; reply: Nothing }
  /** Marks a notification as read. */
  markNotificationRead: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** Marks a notification as read or unread; a whole notification may be sent back, only `is_read` counts. */
  replaceNotification: { input: { params: {
  readonly id: number
}; body?: {
  readonly is_read?: boolean
}; }; reply: Notification }
  /** Marks a notification as read or unread. */
  updateNotification: { input: { params: {
  readonly id: number
}; body?: {
  readonly is_read?: boolean
}; }; reply: Notification }
  /** Accepts a request received: the two are friends, and their direct room is open. */
  acceptFriendRequest: { input: { params: {
  readonly id: number
}; }; reply: Detail }
  /** Blocks somebody: no friend requests and direct messages either way, no presence. Ends friendship and pending requests. 201 the first time, 200 after. */
  blockUser: { input: { params: {
  readonly id: number
}; }; reply: BlockedUser }
  /** Takes back a request sent, while it is pending. */
  cancelFriendRequest: { input: { params: {
  readonly id: number
}; }; reply: Detail }
  /** Asks somebody to be friends. */
  createFriendRequest: { input: { body?: {
  /** The id of the person asked */
  readonly to_user?: number | null
}; }; reply: FriendRequest }
  /** One friend. */
  getFriend: { input: { params: {
  readonly id: number
}; }; reply: Friend }
  /** One friend request, sent or received. */
  getFriendRequest: { input: { params: {
  readonly id: number
}; }; reply: FriendRequest }
  /** One person. */
  getUser: { input: { params: {
  readonly id: number
}; }; reply: User }
  /** Whom the caller has blocked, latest first. */
  listBlocks: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
}; }; reply: readonly BlockedUser[] }
  /** The caller’s friend requests, sent and received, of every status, oldest first. */
  listFriendRequests: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
}; }; reply: readonly FriendRequest[] }
  /** The caller’s friends by username; `?search=` in usernames and names. */
  listFriends: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
  readonly search?: string
}; }; reply: readonly Friend[] }
  /** The same as `GET /api/friends/`. */
  listFriendsByOldPath: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
  readonly search?: string
}; }; reply: readonly Friend[] }
  /** Everyone but those who blocked the caller; `?search=` in usernames and names, `?ordering=username`, `first_name` or `last_name`. */
  listUsers: { input: { query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
  readonly search?: string
  readonly ordering?: string
}; }; reply: readonly User[] }
  /** Rejects a request received. The sender may ask again. */
  rejectFriendRequest: { input: { params: {
  readonly id: number
}; }; reply: Detail }
  /** Ends a friendship. The direct room stays. */
  removeFriend: { input: { params: {
  readonly id: number
}; }; reply: Detail }
  /** The same as `DELETE /api/friends/{id}/`. */
  removeFriendByOldPath: { input: { params: {
  readonly id: number
}; }; reply: Detail }
  /** Lifts a block, if there is one. What the block ended does not come back. */
  unblockUser: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** Deletes the caller’s account for good. Their messages stay, and nobody’s name is at them any more. */
  deleteAccount: { input: { body: {
  readonly current_password: string
}; }; reply: Nothing }
  /** Everything that is kept of the caller, as a file to save. Images are links that open for half a day. */
  exportData: { input: { }; reply: DataExport }
  /** Who has read a message, and when, by the id of the reader. */
  listReadStatuses: { input: { params: {
  readonly room: number
  readonly id: number
}; query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
}; }; reply: readonly ReadStatus[] }
  /** Marks a message and all before it as read; 201 the first time, 200 after. */
  markMessageRead: { input: { params: {
  readonly room: number
  readonly id: number
}; }; reply: {
  readonly id?: number
  readonly user?: {
    readonly id: number
  }
  readonly timestamp?: string
  readonly detail?: string
} | ReadStatus }
  /** Marks everything in a room as read. */
  markRoomRead: { input: { params: {
  readonly room: number
}; }; reply: {
  readonly unread_count: number
} }
  /** Adds people to a group (admins); from a direct room, makes a new group of the two and them (201). */
  addMembers: { input: { params: {
  readonly id: number
}; body?: {
  readonly users?: readonly number[]
}; }; reply: Room }
  /** Makes a member an admin of the group. */
  assignAdmin: { input: { params: {
  readonly id: number
}; body?: {
  readonly user_id?: number | null
}; }; reply: Detail }
  /** Makes a group; with one other person and no name, opens the direct room of the two (201 new, 200 existing). */
  createRoom: { input: { body: {
  readonly room_name?: string | null
  readonly participant_ids: readonly number[]
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly group_image?: Blob | null
}; }; reply: Room }
  /** Deletes a group for all (admins); hides a direct room from oneself until its next message. */
  deleteRoom: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** Makes the link void; nobody can join by a link until an admin makes a new one. */
  disableShareLink: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** What a link leads to: shown to whoever has it, before they join. */
  getInvitation: { input: { params: {
  readonly share_id: string
}; }; reply: Invitation }
  /** One of my rooms with its members. */
  getRoom: { input: { params: {
  readonly id: number
}; }; reply: Room }
  /** The link by which anyone may join the group; 404 while it is disabled. */
  getShareLink: { input: { params: {
  readonly id: number
}; }; reply: ShareLink }
  /** Joins a group by its link. Whoever is in it already gets the same answer. */
  joinRoom: { input: { params: {
  readonly share_id: string
}; }; reply: Room }
  /** Leaves a group; the last one out deletes it. A direct room is hidden until its next message. */
  leaveRoom: { input: { params: {
  readonly id: number
}; }; reply: Detail }
  /** Who is in the room, by id. */
  listParticipants: { input: { params: {
  readonly id: number
}; query?: {
  readonly cursor?: string
  /** Rows, up to 500; default 100 */
  readonly limit?: string
}; }; reply: readonly ParticipantName[] }
  /** My chats, latest activity first; `?ordering=room_name` by name. A hidden direct room is left out. */
  listRooms: { input: { query?: {
  readonly cursor?: string
  /** Rows a page, up to 100; default 35 */
  readonly limit?: string
  readonly search?: string
  readonly ordering?: string
}; }; reply: {
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly Chat[]
} }
  /** Silences the room for oneself: it makes no notifications until then. */
  muteRoom: { input: { params: {
  readonly id: number
}; body?: {
  /** Absent or null: until it is unmuted */
  readonly until?: string | null
}; }; reply: Mute }
  /** Makes an admin of the group a member like the others, also oneself; the only admin stays one. */
  removeAdmin: { input: { params: {
  readonly id: number
}; body?: {
  readonly user_id?: number | null
}; }; reply: Detail }
  /** Removes somebody else from a group. */
  removeMember: { input: { params: {
  readonly id: number
}; body?: {
  readonly user_id?: number | null
}; }; reply: Detail }
  /** Makes a new link, also where it was disabled; the old one is void at once. */
  renewShareLink: { input: { params: {
  readonly id: number
}; }; reply: ShareLink }
  /** Changes the name or picture of a group; of a whole room that is sent back these two count. */
  replaceRoom: { input: { params: {
  readonly id: number
}; body?: {
  readonly room_name?: string
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly group_image?: Blob | null
}; }; reply: Room }
  /** Lets the room notify again. */
  unmuteRoom: { input: { params: {
  readonly id: number
}; }; reply: Nothing }
  /** Changes the name or picture of a group. */
  updateRoom: { input: { params: {
  readonly id: number
}; body?: {
  readonly room_name?: string
  /** JPEG, PNG, WebP, GIF or AVIF, as a file of a multipart form; null or an empty value removes the image */
  readonly group_image?: Blob | null
}; }; reply: Room }
  /** Messages of all my rooms or one: whole words first, then beginnings and parts of words; the newest first. */
  searchMessages: { input: { query: {
  readonly q: string
  readonly room?: number
  readonly cursor?: string
  /** Rows a page, up to 100; default 35 */
  readonly limit?: string
}; }; reply: {
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly MessageHit[]
} }
  /** People by username and name: whole names first, then beginnings and parts of names. */
  searchPeople: { input: { query: {
  readonly q: string
  readonly cursor?: string
  /** Rows a page, up to 100; default 35 */
  readonly limit?: string
}; }; reply: {
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly PersonHit[]
} }
  /** My rooms by name: whole names first, then beginnings and parts of names. */
  searchRooms: { input: { query: {
  readonly q: string
  readonly cursor?: string
  /** Rows a page, up to 100; default 35 */
  readonly limit?: string
}; }; reply: {
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly RoomHit[]
} }
}

/** The data of every durable event, by its name. */
export type EventMap = {
  "message.created": {
  readonly message: Message
}
  "message.updated": {
  readonly message: Message
}
  "message.deleted": {
  readonly room: number
  readonly message_id: number
  /** The place that the message had in its room */
  readonly no: number
  readonly sender: {
    readonly id: number
  }
}
  "room.created": {
  readonly room: Room
}
  "room.updated": {
  readonly room: number
  readonly name?: string
  readonly image?: string | null
}
  "room.deleted": {
  readonly room: number
}
  "room.hidden": {
  readonly room: number
}
  "room.muted": {
  readonly room: number
  readonly muted_until: string | null
}
  "member.added": {
  readonly room: number
  readonly members: readonly Member[]
  readonly added_by: number | null
}
  "member.removed": {
  readonly room: number
  readonly user_id: number
  readonly removed_by: number | null
  readonly reason: "left" | "removed"
}
  "member.role_changed": {
  readonly room: number
  readonly user_id: number
  readonly is_admin: boolean
  readonly changed_by: number
}
  "friend_request.created": {
  readonly request: FriendRequest
  readonly user: Person
}
  "friend_request.accepted": {
  readonly request: FriendRequest
  readonly user: Person
}
  "friend_request.rejected": {
  readonly request: FriendRequest
  readonly user: Person
}
  "friend_request.cancelled": {
  readonly request_id: number
  readonly from_user: number
  readonly to_user: number
}
  "friend.added": {
  readonly user: Person
}
  "friend.removed": {
  readonly user_id: number
}
  "user.updated": {
  readonly user: Profile
}
  "user.deleted": {
  readonly room: number
  readonly user: Person
}
  "user.blocked": {
  readonly user: BlockedUser
}
  "user.unblocked": {
  readonly user_id: number
}
  "notification.created": {
  readonly notifications: readonly Notification[]
}
  "notification.read": {
  readonly ids?: readonly number[]
  readonly room_id?: number
  readonly up_to?: number
  readonly all?: boolean
  readonly unread_count: number
}
  "notification.reopened": {
  readonly notifications: readonly Notification[]
  readonly unread_count: number
}
  "notification.deleted": {
  readonly id?: number
  readonly room_id?: number
  readonly unread_count: number
}
}

/** The data of every passing state, by its name. */
export type SignalMap = {
  "typing": {
  readonly room: number
  readonly user: {
    readonly id: number
    readonly username: string
  }
  readonly is_typing: boolean
  readonly typists: readonly ({
    readonly id: number
    readonly username: string
  })[]
}
  "receipt": {
  readonly room: number
  readonly user: {
    readonly id: number
    readonly username: string
  }
  readonly message_id: number
  readonly no: number
  readonly read_at: string
}
  "unread": {
  readonly room: number
  readonly unread_count: number
  readonly read_no: number
  readonly last_no: number
}
  "presence": {
  readonly user_id: number
  readonly online_status: boolean
  readonly status: "online" | "away" | "dnd" | "offline"
  readonly last_seen: string | null
}
  "person": {
  readonly user: Person
}
}

/** What each command of the gateway takes and answers, by its name. */
export type CommandMap = {
  /** Sends a text. The same `client_id` is stored once, however often and by whichever way it is sent. */
  "message.send": { data: {
  readonly room: number
  readonly content: string
  readonly client_id: string
}; reply: {
  readonly message: Message
  readonly is_new: boolean
} }
  /** Gives a message of one’s own another text. */
  "message.edit": { data: {
  readonly room: number
  readonly id: number
  readonly content: string
}; reply: {
  readonly message: Message
} }
  /** Deletes a message for all. */
  "message.delete": { data: {
  readonly room: number
  readonly id: number
}; reply: Readonly<Record<never, never>> }
  /** Marks a room as read up to a message, or whole. */
  "room.read": { data: {
  readonly room: number
  readonly message_id?: number
}; reply: {
  readonly unread_count: number
} }
  /** Says that one is typing; to be repeated every 3 seconds while one is. */
  "typing.start": { data: {
  readonly room: number
}; reply: Readonly<Record<never, never>> }
  /** Says that one stopped typing. */
  "typing.stop": { data: {
  readonly room: number
}; reply: Readonly<Record<never, never>> }
  /** Says whose presence the client shows, up to 500 people: their presence now, and then as it changes. */
  "presence.watch": { data: {
  readonly users: readonly number[]
}; reply: {
  readonly people: readonly PersonPresence[]
} }
  /** Says what one is while one is here; it holds on all devices until another is set. */
  "presence.set": { data: {
  readonly status: "online" | "away" | "dnd" | "invisible"
}; reply: {
  readonly status: "online" | "away" | "dnd" | "invisible"
} }
  /** Brings a new access token, so that the socket lives on when the old one expires. */
  "auth.refresh": { data: {
  readonly token: string
}; reply: {
  readonly expires_at: string | null
} }
}

/** The stable name of a failure. */
export type ErrorCode =
  | "not_found"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "malformed_json"
  | "malformed_form"
  | "body_too_large"
  | "headers_too_large"
  | "malformed_request"
  | "request_timeout"
  | "throttled"
  | "unavailable"
  | "internal"
  | "invalid_cursor"
  | "invalid"
  | "not_ready"
  | "unknown_command"
  | "not_authenticated"
  | "bad_authorization_header"
  | "token_not_valid"
  | "token_without_user"
  | "user_not_found"
  | "refresh_not_valid"
  | "not_allowed"
  | "login_failed"
  | "logout_failed"
  | "username_taken"
  | "email_taken"
  | "passwords_differ"
  | "new_passwords_differ"
  | "old_password_wrong"
  | "current_password_wrong"
  | "session_missing"
  | "user_missing"
  | "recipient_missing"
  | "request_to_oneself"
  | "already_friends"
  | "request_pending"
  | "request_pending_from_them"
  | "request_refused"
  | "friend_request_hidden"
  | "friend_request_missing"
  | "request_not_to_you"
  | "request_not_from_you"
  | "request_handled"
  | "request_not_cancellable"
  | "friend_missing"
  | "not_friends"
  | "unfriend_user_missing"
  | "block_oneself"
  | "room_not_found"
  | "group_name_required"
  | "group_only_you"
  | "group_too_large"
  | "not_to_be_added"
  | "only_admins_add"
  | "already_members"
  | "some_already_members"
  | "cannot_remove_yourself"
  | "user_id_required"
  | "not_a_participant_of_room"
  | "not_a_participant"
  | "not_an_admin"
  | "only_admin"
  | "direct_no_removal"
  | "direct_no_admin"
  | "direct_no_demotion"
  | "direct_no_link"
  | "direct_unchangeable"
  | "last_admin"
  | "link_not_found"
  | "cannot_message"
  | "message_not_found"
  | "message_empty"
  | "client_id_conflict"
  | "notification_not_found"
  | "image_invalid"
  | "image_empty"
  | "image_too_large"
  | "image_too_many_pixels"
  | "media_forbidden"

/** Method and path of every call, by feature and name. */
export const operations = {
  accounts: {
    endOtherSessions: 'DELETE /api/sessions/',
    endSession: 'DELETE /api/sessions/:id/',
    getProfile: 'GET /api/profile/',
    getUsernameAvailability: 'GET /api/register/availability/',
    listSessions: 'GET /api/sessions/',
    login: 'POST /api/login/',
    logout: 'POST /api/logout/',
    refreshToken: 'POST /api/token/refresh/',
    register: 'POST /api/register/',
    replaceProfile: 'PUT /api/profile/',
    updateProfile: 'PATCH /api/profile/',
  },
  docs: {
    getApiRoot: 'GET /api/',
    getAsyncApi: 'GET /api/schema/asyncapi/',
    getOpenApi: 'GET /api/schema/',
  },
  health: {
    getHealth: 'GET /healthz',
    getReadiness: 'GET /readyz',
  },
  messages: {
    deleteMessage: 'DELETE /api/chatrooms/:room/messages/:id/',
    editMessage: 'PATCH /api/chatrooms/:room/messages/:id/',
    getMessage: 'GET /api/chatrooms/:room/messages/:id/',
    listMessages: 'GET /api/chatrooms/:room/messages/',
    listRoomImages: 'GET /api/chatrooms/:room/images/',
    replaceMessage: 'PUT /api/chatrooms/:room/messages/:id/',
    sendMessage: 'POST /api/chatrooms/:room/messages/',
  },
  notifications: {
    createNotification: 'POST /api/notifications/',
    deleteNotification: 'DELETE /api/notifications/:id/',
    getNotification: 'GET /api/notifications/:id/',
    listNotifications: 'GET /api/notifications/',
    listUnreadNotifications: 'GET /api/notifications/unread/',
    markAllNotificationsRead: 'POST /api/notifications/mark_all_read/',
    markNotificationRead: 'POST /api/notifications/:id/mark_read/',
    replaceNotification: 'PUT /api/notifications/:id/',
    updateNotification: 'PATCH /api/notifications/:id/',
  },
  people: {
    acceptFriendRequest: 'POST /api/friend-requests/:id/accept/',
    blockUser: 'POST /api/users/:id/block/',
    cancelFriendRequest: 'POST /api/friend-requests/:id/cancel/',
    createFriendRequest: 'POST /api/friend-requests/',
    getFriend: 'GET /api/friends/:id/',
    getFriendRequest: 'GET /api/friend-requests/:id/',
    getUser: 'GET /api/users/:id/',
    listBlocks: 'GET /api/blocks/',
    listFriendRequests: 'GET /api/friend-requests/',
    listFriends: 'GET /api/friends/',
    listFriendsByOldPath: 'GET /api/friends/list_friends/',
    listUsers: 'GET /api/users/',
    rejectFriendRequest: 'POST /api/friend-requests/:id/reject/',
    removeFriend: 'DELETE /api/friends/:id/',
    removeFriendByOldPath: 'POST /api/friends/:id/remove_friend/',
    unblockUser: 'DELETE /api/users/:id/block/',
  },
  privacy: {
    deleteAccount: 'DELETE /api/profile/',
    exportData: 'GET /api/profile/export/',
  },
  receipts: {
    listReadStatuses: 'GET /api/chatrooms/:room/messages/:id/message_read_status/',
    markMessageRead: 'POST /api/chatrooms/:room/messages/:id/mark_as_read/',
    markRoomRead: 'POST /api/chatrooms/:room/mark_as_read/',
  },
  rooms: {
    addMembers: 'POST /api/chatrooms/:id/add_members/',
    assignAdmin: 'POST /api/chatrooms/:id/assign_admin/',
    createRoom: 'POST /api/chatrooms/',
    deleteRoom: 'DELETE /api/chatrooms/:id/',
    disableShareLink: 'DELETE /api/chatrooms/:id/shareable_link/',
    getInvitation: 'GET /api/chatrooms/join/:share_id/',
    getRoom: 'GET /api/chatrooms/:id/',
    getShareLink: 'GET /api/chatrooms/:id/shareable_link/',
    joinRoom: 'POST /api/chatrooms/join/:share_id/',
    leaveRoom: 'POST /api/chatrooms/:id/leave_room/',
    listParticipants: 'GET /api/chatrooms/:id/participants/',
    listRooms: 'GET /api/chatrooms/',
    muteRoom: 'PUT /api/chatrooms/:id/mute/',
    removeAdmin: 'POST /api/chatrooms/:id/remove_admin/',
    removeMember: 'POST /api/chatrooms/:id/remove_member/',
    renewShareLink: 'POST /api/chatrooms/:id/shareable_link/',
    replaceRoom: 'PUT /api/chatrooms/:id/',
    unmuteRoom: 'DELETE /api/chatrooms/:id/mute/',
    updateRoom: 'PATCH /api/chatrooms/:id/',
  },
  search: {
    searchMessages: 'GET /api/search/messages/',
    searchPeople: 'GET /api/search/people/',
    searchRooms: 'GET /api/search/rooms/',
  },
} as const

/** The subprotocol of the gateway. */
export const PROTOCOL = "confab.v1"

/** Close codes of the gateway: name, and whether coming back helps. */
export const closeCodes: Readonly<Record<number, readonly [string, 'yes' | 'after' | 'no']>> = {
  4000: ['server_draining', 'after'],
  4001: ['token_expired', 'yes'],
  4002: ['hello_missing', 'yes'],
  4003: ['unavailable', 'after'],
  4008: ['slow_consumer', 'yes'],
  4009: ['log_lost', 'yes'],
  4029: ['too_many_sockets', 'after'],
  4501: ['session_ended', 'no'],
  4502: ['not_authenticated', 'no'],
  4503: ['not_a_member', 'no'],
}

