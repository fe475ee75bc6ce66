import type { BlockedUser, Friend, FriendRequest, Person, User } from '@confab/contract/people/resources'
import type { Core } from '../../ctx.ts'
import type { BlockRow } from './block-queries.ts'
import type { FriendRequestRow, PersonRow } from './pair-queries.ts'
import type { FriendRow, UserRow } from './user-queries.ts'

/** Somebody as the viewer of the row sees them. */
export function toUser(core: Core, row: UserRow): User {
  const { id, username, bio, email, first_name, last_name, friends, is_blocked } = row
  return {
    id,
    username,
    bio,
    email,
    first_name,
    last_name,
    friends,
    profile_pic: pictureOf(core, row),
    friendship_status: friendshipStatus(row),
    outgoing_request_id: row.is_request_mine ? row.request_id : null,
    incoming_request_id: row.is_request_mine ? null : row.request_id,
    is_blocked,
  }
}

function friendshipStatus({ is_friend, is_request_mine }: UserRow): User['friendship_status'] {
  if (is_friend) return 'friends'
  if (is_request_mine === null) return null
  return is_request_mine ? 'request_sent' : 'request_received'
}

/** A friend as the viewer of the row sees them; who hides their presence looks as if they had never been here. */
export function toFriend(core: Core, row: FriendRow): Friend {
  const { id, username, bio, email, full_name, friends } = row
  return {
    id,
    username,
    bio,
    email,
    full_name,
    friends,
    profile_pic: pictureOf(core, row),
    online_status: row.shows_presence && core.services.presence.isOnline(id),
    last_seen: row.shows_presence ? row.last_seen_at : null,
  }
}

/** Somebody as everybody may see them. */
export function toPerson(core: Core, row: PersonRow): Person {
  const { id, username, full_name } = row
  return { id, username, full_name, profile_pic: pictureOf(core, row) }
}

/** Somebody who is blocked, and since when. */
export function toBlockedUser(core: Core, row: BlockRow): BlockedUser {
  return { ...toPerson(core, row), created_at: row.created_at }
}

/** A friend request; the wire names its people without `_id`. */
export function toFriendRequest({ from_user_id, to_user_id, ...rest }: FriendRequestRow): FriendRequest {
  return { ...rest, from_user: from_user_id, to_user: to_user_id }
}

function pictureOf(core: Core, { image }: { image: string | null }): string | null {
  return image === null ? null : core.services.media.imageUrl('profile', image, '')
}
