import { randomUUID } from 'node:crypto'
import { Api } from '@confab/testkit/api'
import { expectStatus, PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import sharp from 'sharp'

/** Who may be calling. The sender is a member too; the staff are in no room. */
export const roles = ['anonymous', 'outsider', 'member', 'admin', 'sender', 'staff'] as const
export type Role = (typeof roles)[number]

/** Those with an account, and the target, whom calls are about. */
type Cast = Readonly<Record<Exclude<Role, 'anonymous'> | 'target', Person>>

/** A stage on which many scenes are played, by the same people. */
export type Stage = Readonly<{ server: TestServer; cast: Cast; picture: Buffer }>

/** Starts a server and registers the cast. */
export async function openStage(): Promise<Stage> {
  const server = await startTestServer({ METRICS_TOKEN: 'the-token-of-the-operator-alone-00' })
  const people = await server.people('outsider', 'member', 'admin', 'sender', 'staff', 'target')
  const [outsider, member, admin, sender, staff, target] = people
  await server.database.pool.query('UPDATE users SET is_staff = true WHERE id = $1', [staff.id])
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  return { server, cast: { outsider, member, admin, sender, staff, target }, picture }
}

/**
 * One scene: a group of the admin, the member and the sender, and what the sender has in it. What is asked for is made
 * when it is asked for, once.
 */
export class Scene {
  readonly stage: Stage
  readonly #made = new Map<string, Promise<unknown>>()
  /** In the room's name and its messages: whoever is not in the room must never see it. */
  readonly secret = `secret${randomUUID().replaceAll('-', '')}`

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** Forgets what earlier scenes left between the people. */
  async clear(): Promise<void> {
    await this.stage.server.database.pool.query(`
      WITH a AS (DELETE FROM friend_requests), b AS (DELETE FROM friendships), c AS (DELETE FROM blocks)
      DELETE FROM notifications`)
  }

  get cast(): Cast {
    return this.stage.cast
  }

  /** The API as somebody in a role. */
  as(role: Role): Api {
    return role === 'anonymous' ? this.stage.server.anonymous : this.cast[role]
  }

  room(): Promise<number> {
    const { admin, member, sender } = this.cast
    return this.#once('room', async () => (await this.stage.server.group(admin, [member, sender], this.secret)).id)
  }

  /** A message of the sender. */
  message(): Promise<number> {
    return this.#once('message', async () => {
      const body = { content: `a ${this.secret}` }
      const reply = await this.cast.sender.post(`/api/chatrooms/${await this.room()}/messages/`, body)
      return expectStatus(reply, 201).body.id
    })
  }

  /** The site-relative address of an image that the sender sent, without its signature. */
  messageImage(): Promise<string> {
    return this.#once('image', async () => {
      const form = { image: { bytes: this.stage.picture } }
      const reply = await this.cast.sender.post(`/api/chatrooms/${await this.room()}/messages/`, undefined, { form })
      return expectStatus(reply, 201).body.image
    })
  }

  /** The address of the sender's profile picture. */
  profilePicture(): Promise<string> {
    return this.#once('picture', async () => {
      const form = { profile_pic: { bytes: this.stage.picture } }
      const reply = await this.cast.sender.patch('/api/profile/', undefined, { form })
      return expectStatus(reply, 200).body.profile_pic
    })
  }

  /** The address of the group's picture. */
  groupPicture(): Promise<string> {
    return this.#once('group picture', async () => {
      const form = { group_image: { bytes: this.stage.picture } }
      const reply = await this.cast.admin.patch(`/api/chatrooms/${await this.room()}/`, undefined, { form })
      return expectStatus(reply, 200).body.group_image
    })
  }

  /** The share id of the room. */
  shareId(): Promise<string> {
    return this.#once('share', async () => {
      const reply = await this.cast.admin.get(`/api/chatrooms/${await this.room()}/shareable_link/`)
      return expectStatus(reply, 200).body.room_id
    })
  }

  /** A pending friend request from the sender to the member. */
  friendRequest(): Promise<number> {
    return this.#once('request', async () => {
      const reply = await this.cast.sender.post('/api/friend-requests/', { to_user: this.cast.member.id })
      return expectStatus(reply, 201).body.id
    })
  }

  /** The target, who is a friend of the sender. */
  friend(): Promise<number> {
    return this.#once('friend', async () => {
      await this.stage.server.befriend(this.cast.sender, this.cast.target)
      return this.cast.target.id
    })
  }

  /** A notification of the sender. */
  notification(): Promise<number> {
    return this.#once('notification', async () => {
      const reply = await this.cast.sender.post('/api/notifications/', { message: `a ${this.secret}` })
      return expectStatus(reply, 201).body.id
    })
  }

  /** A second session of the sender. */
  session(): Promise<number> {
    return this.#once('session', async () => {
      await login(this.stage, this.cast.sender)
      const { body } = await this.cast.sender.get('/api/sessions/')
      return body.find((one: { is_current: boolean }) => !one.is_current).id
    })
  }

  /** Everything durable that a refused call must leave as it was. */
  async snapshot(): Promise<unknown> {
    const room = await this.room()
    const { rows } = await this.stage.server.database.pool.query(SNAPSHOT, [room])
    return rows
  }

  async #once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = (this.#made.get(name) as Promise<T> | undefined) ?? make()
    this.#made.set(name, made)
    return made
  }
}

/** Logs somebody in once more. */
export async function login(stage: Stage, person: Person): Promise<{ api: Api; refresh: string }> {
  const reply = await stage.server.anonymous.post('/api/login/', { identifier: person.username, password: PASSWORD })
  const { access, refresh } = expectStatus(reply, 200).body.tokens
  return { api: new Api(stage.server.url, access), refresh }
}

/** Times of last use and what consumers of the log write in the background are left out. */
const SNAPSHOT = `
  SELECT 'user' AS kind, to_jsonb(u) - 'last_seen_at' AS row FROM users u
  UNION ALL SELECT 'session', to_jsonb(s) - 'last_used_at' FROM sessions s
  UNION ALL SELECT 'friend request', to_jsonb(f) FROM friend_requests f
  UNION ALL SELECT 'friendship', to_jsonb(f) FROM friendships f
  UNION ALL SELECT 'block', to_jsonb(b) FROM blocks b
  UNION ALL SELECT 'notification', to_jsonb(n) FROM notifications n WHERE n.message_id IS NULL
  UNION ALL SELECT 'room', to_jsonb(r) FROM rooms r WHERE id = $1
  UNION ALL SELECT 'rooms', to_jsonb(count(*)) FROM rooms
  UNION ALL SELECT 'member', to_jsonb(m) FROM room_members m WHERE room_id = $1
  UNION ALL SELECT 'message', to_jsonb(m) FROM messages m WHERE room_id = $1
  UNION ALL SELECT 'receipt', to_jsonb(r) FROM read_receipts r WHERE room_id = $1
  UNION ALL SELECT 'event', to_jsonb(e) FROM room_events e WHERE room_id = $1
  UNION ALL SELECT 'image', to_jsonb(count(*)) FROM media
  ORDER BY 1, 2`
