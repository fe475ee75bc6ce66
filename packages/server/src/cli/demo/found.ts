/** Makes the people of the demo, their friendships and their rooms, through the services, in the order of the story. */
import { ChatError } from '../../chat-error.ts'
import { type Core, type Ctx, makeCtx } from '../../ctx.ts'
import { updateProfile } from '../../features/accounts/profile-service.ts'
import { createAdmin, register } from '../../features/accounts/service.ts'
import { blockUser } from '../../features/people/blocks-service.ts'
import {
  acceptFriendRequest,
  createFriendRequest,
  rejectFriendRequest,
} from '../../features/people/friend-requests-service.ts'
import { assignAdmin } from '../../features/rooms/member-service.ts'
import { muteRoom } from '../../features/rooms/mute-service.ts'
import { createRoom } from '../../features/rooms/service.ts'
import {
  block,
  type Character,
  characters,
  type Friends,
  friendships,
  type Group,
  groups,
  openRequests,
} from './community.ts'
import { drawPortrait } from './portraits.ts'
import type { Random } from './random.ts'
import { drawScene } from './scenes.ts'

/** The people as the services know them, by username. */
export type Cast = ReadonlyMap<string, Ctx>

/** Somebody of the cast. @throws Error where nobody has the name */
export function actorOf(cast: Cast, username: string): Ctx {
  const ctx = cast.get(username)
  if (!ctx) throw new Error(`nobody of the demo is called ${username}`)
  return ctx
}

/** Opens everybody's account, the first one's as staff, and fills in their profiles. */
export async function enrol(core: Core, password: string): Promise<Cast> {
  for (const [index, { username }] of characters.entries()) {
    const account = { username, email: `${username}@example.com`, password }
    if (index === 0) await createAdmin(core, account)
    else await register(core, { ...account, confirm_password: password }, { userAgent: 'confab demo', address: '' })
  }
  const usernames = characters.map(({ username }) => username)
  const users = core.database.kysely.selectFrom('users').select(['id', 'username', 'is_staff'])
  const rows = await users.where('username', 'in', usernames).execute()
  const cast = new Map(
    rows.map(({ id, username, is_staff }) => {
      return [username, makeCtx(core, { id, username, isStaff: is_staff, sessionId: 0 }, '')]
    }),
  )
  await Promise.all(characters.map((character) => introduce(actorOf(cast, character.username), character)))
  return cast
}

async function introduce(ctx: Ctx, { first, last, bio, look }: Character): Promise<void> {
  const picture = { filename: 'portrait.png', contentType: 'image/png', bytes: await drawPortrait(look) }
  await updateProfile(ctx, { first_name: first, last_name: last, bio, profile_pic: picture })
}

/** A friend request that was made; its place in the list says when. */
export type MadeRequest = Readonly<{ id: number; isAnswered: boolean }>

/** Makes friends of all who are, and the direct rooms with it. @returns the requests in their order */
export async function befriend(cast: Cast): Promise<MadeRequest[]> {
  const made: MadeRequest[] = []
  for (const { pair } of friendships) {
    const [asking, asked] = pair.map((username) => actorOf(cast, username))
    if (!asking || !asked) throw new Error('a friendship takes two')
    const { id } = await createFriendRequest(asking, { to_user: asked.actor.id })
    await acceptFriendRequest(asked, id)
    made.push({ id, isAnswered: true })
  }
  return made
}

/** Makes the groups. @returns their ids in their order */
export async function gather(cast: Cast, random: Random): Promise<number[]> {
  const ids: number[] = []
  for (const group of groups) ids.push(await makeGroup(cast, group, random))
  return ids
}

async function makeGroup(cast: Cast, group: Group, random: Random): Promise<number> {
  const [first, ...others] = group.members.map((username) => actorOf(cast, username))
  if (!first) throw new Error(`${group.name} has no members`)
  const picture = { filename: 'group.jpg', contentType: 'image/jpeg', bytes: await drawScene(group.scene, random) }
  const { room } = await createRoom(first, {
    room_name: group.name,
    participant_ids: others.map(({ actor }) => actor.id),
    group_image: picture,
  })
  if (group.alsoAdmin) await assignAdmin(first, room.id, { user_id: actorOf(cast, group.alsoAdmin).actor.id })
  if (group.muted) await muteRoom(actorOf(cast, group.muted), room.id, {})
  return room.id
}

/** The direct room of two friends. */
export async function directRoomOf(cast: Cast, { pair }: Friends): Promise<number> {
  const [one, other] = pair.map((username) => actorOf(cast, username))
  if (!one || !other) throw new ChatError('room_not_found')
  const { room } = await createRoom(one, { participant_ids: [other.actor.id] })
  return room.id
}

/** Sends the requests that led to nothing yet, and makes the one block. @returns the requests in their order */
export async function leaveOpen(cast: Cast): Promise<MadeRequest[]> {
  const made: MadeRequest[] = []
  for (const { from, to, isRejected } of openRequests) {
    const asked = actorOf(cast, to)
    const { id } = await createFriendRequest(actorOf(cast, from), { to_user: asked.actor.id })
    if (isRejected) await rejectFriendRequest(asked, id)
    made.push({ id, isAnswered: isRejected })
  }
  await blockUser(actorOf(cast, block.by), actorOf(cast, block.of).actor.id)
  return made
}
