import Type, { type Static } from 'typebox'
import { Id, ImageUrl, nullable, Timestamp } from '../fields.ts'

/** Events carry this many participants of a room at the most, its admins first; `member_count` says how many there are. */
export const MAX_EVENT_PARTICIPANTS = 50

const FullName = nullable(Type.String({ description: 'Null until a name is set', examples: ['Alice Liddell'] }))

/** A member of a room, as anyone in it sees them. */
const memberFields = {
  id: Id,
  username: Type.String({ examples: ['alice'] }),
  full_name: FullName,
  is_admin: Type.Boolean(),
  profile_pic: ImageUrl,
}

/** A member without what depends on who is looking; events that go to everyone in a room carry it. */
export const Member = Type.Object(memberFields, { title: 'Member' })
export type Member = Static<typeof Member>

/** A member and, where the viewer may know it, whether they are there. */
export const Participant = Type.Object(
  {
    ...memberFields,
    online_status: Type.Boolean({ description: 'False also where the viewer may not know' }),
    last_seen: nullable(Timestamp),
  },
  { title: 'Participant' },
)
export type Participant = Static<typeof Participant>

/** What `GET …/participants/` lists. */
export const ParticipantName = Type.Object(
  { id: Id, username: Type.String({ examples: ['alice'] }), is_admin: Type.Boolean() },
  { title: 'ParticipantName' },
)
export type ParticipantName = Static<typeof ParticipantName>

const ChatName = Type.String({
  description: "A group's name; in a direct room the other's full name or username",
  examples: ['Tea party'],
})

const MutedUntil = nullable({
  ...Timestamp,
  description: 'Until then the room notifies its member of nothing; the year 9999 stands for ever',
})

/** A room in the view of one of its members: a direct room has the name and picture of the other. */
export const Room = Type.Object(
  {
    id: Id,
    is_group: Type.Boolean(),
    participants: Type.Array(Participant, {
      description: `All members, by id; in events at most ${MAX_EVENT_PARTICIPANTS}, the admins among them first`,
    }),
    admins: Type.Array(Type.Object({ id: Id })),
    group_image: ImageUrl,
    chat_name: ChatName,
    room_name: nullable(Type.String({ description: "The group's own name; null for a direct room" })),
    member_count: Type.Integer({ minimum: 1, examples: [3] }),
    is_admin: Type.Boolean({ description: 'Whether the viewer is an admin of it' }),
    muted_until: MutedUntil,
    created_at: Timestamp,
  },
  { title: 'Room' },
)
export type Room = Static<typeof Room>

/** The newest message of a room, as far as a list of chats shows it. */
export const LastMessage = Type.Object(
  {
    id: Id,
    sender_id: Id,
    sender_name: Type.String({ examples: ['alice'] }),
    content: Type.String({ description: 'Empty where the message is only an image', examples: ['hello bob'] }),
    timestamp: Timestamp,
  },
  { title: 'LastMessage' },
)

/** A room in the list of chats. */
export const Chat = Type.Object(
  {
    id: Id,
    group_image: ImageUrl,
    chat_name: ChatName,
    is_group: Type.Boolean(),
    peer_id: nullable({ ...Id, description: 'The other person of a direct room; null in a group' }),
    last_message: nullable(LastMessage),
    unread_count: Type.Integer({ minimum: 0, examples: [2] }),
    mention_count: Type.Integer({ minimum: 0, description: 'Unread messages that mention one' }),
    read_no: Type.Integer({ minimum: 0, description: 'The number of the message up to which one has read' }),
    last_no: Type.Integer({ minimum: 0, description: 'The number of the newest message' }),
    muted_until: MutedUntil,
    active_at: { ...Timestamp, description: 'When something was last said, or the room was made: the usual order' },
  },
  { title: 'Chat' },
)
export type Chat = Static<typeof Chat>

/** The link by which anyone may join a group. */
export const ShareLink = Type.Object(
  {
    room_id: Type.String({ format: 'uuid', examples: ['9574ac39-3457-4aeb-a528-c35dd3786214'] }),
    url: Type.String({
      format: 'uri',
      examples: ['https://chat.example.com/join/9574ac39-3457-4aeb-a528-c35dd3786214'],
    }),
  },
  { title: 'ShareLink' },
)
export type ShareLink = Static<typeof ShareLink>

/** A group as somebody sees it who has its link. */
export const Invitation = Type.Object(
  {
    chat_name: Type.String({ examples: ['Tea party'] }),
    group_image: ImageUrl,
    member_count: Type.Integer({ minimum: 1, examples: [3] }),
  },
  { title: 'Invitation' },
)
export type Invitation = Static<typeof Invitation>

/** How long a room is silent for its member. */
export const Mute = Type.Object({ muted_until: MutedUntil }, { title: 'Mute' })
export type Mute = Static<typeof Mute>
