import * as frames from '@confab/contract/compat/sidebar'
import { parseTopic, topicOf } from '@confab/contract/define-event'
import type { Core } from '../ctx.ts'
import type { LoggedEvent, Signal } from '../realtime/bus.ts'
import { buildFrame } from '../realtime/frame.ts'
import type { Handshake, SocketRoute } from '../realtime/socket-server.ts'
import { type Translation, translate } from './frames.ts'
import { hasMessages, listRecentlyActive, listRecentlyCreated, listRoomIds } from './queries.ts'
import { CompatSession } from './session.ts'
import { type Sidebar, SidebarFeed } from './sidebar-feed.ts'

/** Clients of the original reconnect in a tight loop; who closed a socket just now is made to wait a little. */
const RECONNECT_WITHIN_MS = 1_000
const RECONNECT_WAIT_MS = 200

/** What happened this long before a socket opened is told again: the client missed it between two sockets. */
const RETELL_MS = 10_000

/** `ws/sidebar/`: what changes in somebody's list of rooms. */
export function sidebarSocket(core: Core): SocketRoute {
  const feed = new SidebarFeed(core)
  const closedAt = new Map<number, number>()
  const onClosed = (userId: number) => {
    closedAt.set(userId, Date.now())
    setTimeout(() => {
      if (Date.now() - (closedAt.get(userId) ?? 0) >= RECONNECT_WITHIN_MS) closedAt.delete(userId)
    }, RECONNECT_WITHIN_MS).unref()
  }
  return {
    kind: 'guarded',
    pattern: /^\/ws\/sidebar$/,
    open: async (handshake) => {
      const sinceClosed = Date.now() - (closedAt.get(handshake.actor.id) ?? 0)
      if (sinceClosed < RECONNECT_WITHIN_MS) await new Promise((resolve) => setTimeout(resolve, RECONNECT_WAIT_MS))
      const session = new SidebarSession(core, handshake, { feed, onClosed })
      await session.prepare()
      return session
    },
  }
}

const events: Readonly<Record<string, Translation>> = {
  'room.created': translate(frames.GroupCreatedFrame, (data) => ({ type: 'group_created', group: data.room })),
  'room.deleted': translate(frames.GroupRemovedFrame, (data) => ({ type: 'group_removed', group_id: data.room })),
  'room.hidden': translate(frames.GroupRemovedFrame, (data) => ({ type: 'group_removed', group_id: data.room })),
}

const signals: Readonly<Record<string, Translation>> = {
  unread: translate(frames.UnreadUpdatedFrame, (data) => ({
    type: 'unread_updated',
    group_id: data.room,
    unread_count: data.unread_count,
  })),
  presence: translate(frames.PresenceFrame, (data) => ({ type: 'presence', ...data })),
}

const MESSAGE_EVENTS = new Set(['message.created', 'message.updated', 'message.deleted'])
const ROOM_EVENTS = new Set(['room.updated', 'member.added', 'member.removed', 'member.role_changed', 'user.deleted'])

class SidebarSession extends CompatSession implements Sidebar {
  readonly #feed: SidebarFeed
  readonly #onClosed: (userId: number) => void
  /** Rooms lost while the list of rooms was still being read. */
  readonly #lost = new Set<number>()

  constructor(
    core: Core,
    handshake: Handshake,
    { feed, onClosed }: { feed: SidebarFeed; onClosed: (userId: number) => void },
  ) {
    super(core, handshake)
    this.#feed = feed
    this.#onClosed = onClosed
  }

  get userId(): number {
    return this.ctx.actor.id
  }

  get baseUrl(): string {
    return this.ctx.baseUrl
  }

  /** Follows one's own topic, and only then reads which rooms there are: no room is missed in between. */
  async prepare(): Promise<void> {
    try {
      await this.follow([topicOf('user', this.userId)])
      const rooms = await listRoomIds(this.ctx.db, this.userId)
      await this.follow(rooms.map((room) => topicOf('room', room)))
      for (const room of this.#lost) this.unfollow(topicOf('room', room))
      await this.#retell()
    } catch (error) {
      super.onClose()
      throw error
    }
  }

  onEvent(event: LoggedEvent): void {
    const { kind, id } = parseTopic(event.topic)
    if (kind === 'user') this.#onOwnEvent(event)
    else if (MESSAGE_EVENTS.has(event.type)) this.#feed.messageChanged(id, this)
    else if (ROOM_EVENTS.has(event.type)) this.#feed.roomChanged(id, this)
  }

  onSignal(signal: Signal): void {
    const translation = signals[signal.type]
    if (translation) this.send(translation.get(signal, this.baseUrl), { isEphemeral: signal.type === 'presence' })
  }

  /** Sends what the feed looked up for this person, unless the room was lost meanwhile. */
  tell(roomId: number, frame: object): void {
    if (this.follows(topicOf('room', roomId))) this.send(buildFrame(frame))
  }

  override onClose(): void {
    this.#onClosed(this.userId)
    super.onClose()
  }

  protected async onFrame(): Promise<void> {
    this.sendError('Nothing is expected on this socket.')
  }

  #onOwnEvent(event: LoggedEvent): void {
    const translation = events[event.type]
    if (translation) this.send(translation.get(event, this.baseUrl))
    if (event.type === 'room.created') this.#followRoom(Number(Reflect.get(Object(event.data.room), 'id')))
    if (event.type === 'room.deleted') this.#leaveRoom(Number(event.data.room))
  }

  #followRoom(roomId: number): void {
    this.#lost.delete(roomId)
    this.#startRoom(roomId).catch(() => this.onLost())
  }

  /** A message may have come between the making of the room and this. */
  async #startRoom(roomId: number): Promise<void> {
    await this.follow([topicOf('room', roomId)])
    if (await hasMessages(this.ctx.db, roomId)) this.#feed.messageChanged(roomId, this)
  }

  #leaveRoom(roomId: number): void {
    this.#lost.add(roomId)
    this.unfollow(topicOf('room', roomId))
  }

  async #retell(): Promise<void> {
    const since = new Date(Date.now() - RETELL_MS).toISOString()
    for (const data of await listRecentlyCreated(this.ctx.db, this.userId, since)) {
      const translation = events['room.created']
      if (translation) this.send(translation.get({ data }, this.baseUrl))
    }
    for (const room of await listRecentlyActive(this.ctx.db, this.userId, since)) this.#feed.messageChanged(room, this)
  }
}
