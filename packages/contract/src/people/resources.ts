import Type, { type Static } from 'typebox'
import { Id, ImageUrl, nullable, Timestamp } from '../fields.ts'

const username = Type.String({ examples: ['bob'] })
const fullName = nullable(Type.String({ description: 'Null until a name is set', examples: ['Bob Baker'] }))
const email = nullable(
  Type.String({ description: 'One’s own, or that of a friend who shows it to friends', examples: ['bob@example.com'] }),
)

/** As many ids of friends are shown with a person. */
export const MAX_FRIEND_IDS = 1_000

const friends = Type.Array(Id, {
  description: 'Friends’ ids, the lowest 1,000 of them: one’s own and those of one’s friends; of others none',
})

/** What is between the caller and somebody else. */
export type FriendshipStatus = 'request_sent' | 'request_received' | 'friends' | null

/** Somebody, as the caller may see them. */
export const User = Type.Object(
  {
    id: Id,
    username,
    bio: nullable(Type.String()),
    email,
    first_name: Type.String({ examples: ['Bob'] }),
    last_name: Type.String({ examples: ['Baker'] }),
    friends,
    profile_pic: ImageUrl,
    friendship_status: Type.Unsafe<FriendshipStatus>({
      type: ['string', 'null'],
      enum: ['request_sent', 'request_received', 'friends', null],
    }),
    outgoing_request_id: nullable(Id),
    incoming_request_id: nullable(Id),
    is_blocked: Type.Boolean({ description: 'Whether the caller has blocked them' }),
  },
  { title: 'User' },
)
export type User = Static<typeof User>

/** A friend, with their presence where they show it. */
export const Friend = Type.Object(
  {
    id: Id,
    username,
    bio: nullable(Type.String()),
    email,
    full_name: fullName,
    friends,
    profile_pic: ImageUrl,
    online_status: Type.Boolean(),
    last_seen: nullable(Timestamp),
  },
  { title: 'Friend' },
)
export type Friend = Static<typeof Friend>

export type FriendRequestStatus = 'pending' | 'accepted' | 'rejected'

/** A request of one person to another. A cancelled one is gone. */
export const FriendRequest = Type.Object(
  {
    id: Id,
    from_user: Id,
    to_user: Id,
    status: Type.Unsafe<FriendRequestStatus>({ type: 'string', enum: ['pending', 'accepted', 'rejected'] }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'FriendRequest' },
)
export type FriendRequest = Static<typeof FriendRequest>

/** What everybody may know of somebody: enough to show them in a list. */
export const Person = Type.Object({ id: Id, username, full_name: fullName, profile_pic: ImageUrl }, { title: 'Person' })
export type Person = Static<typeof Person>

/** Somebody whom the caller has blocked, and since when. */
export const BlockedUser = Type.Object({ ...Person.properties, created_at: Timestamp }, { title: 'BlockedUser' })
export type BlockedUser = Static<typeof BlockedUser>
