/**
 * Brings sidebars up to date: the last message and unread count of a room, or the room itself, as each person sees it.
 *
 * What it does: gathers what changed while the previous look-up was under way, and answers all of it with one query, so
 * that a busy room costs a query per round and not one per message. Every frame tells a state, so a later one may stand
 * for several changes.
 * On failure: what could not be looked up is tried again.
 */
import { GroupUpdatedFrame } from '@confab/contract/compat/sidebar'
import type { Core } from '../ctx.ts'
import { viewRoomsFor } from '../features/rooms/service.ts'
import { compileAbsolutize } from '../wire/absolute-urls.ts'
import { listSidebarRows, type SidebarRow } from './queries.ts'

/** A sidebar that can be brought up to date: whose it is, where they see this server, and how to tell them of a room. */
export interface Sidebar {
  readonly userId: number
  readonly baseUrl: string
  tell(roomId: number, frame: object): void
}

type Sessions = Set<Sidebar>

const RETRY_MS = 1_000
const absolutize = compileAbsolutize(GroupUpdatedFrame)

export class SidebarFeed {
  readonly #core: Core
  #messages = new Map<number, Sessions>()
  #rooms = new Map<number, Sessions>()
  #isRunning = false

  constructor(core: Core) {
    this.#core = core
  }

  /** The messages of a room changed, or what of them is read. */
  messageChanged(roomId: number, session: Sidebar): void {
    add(this.#messages, roomId, session)
    this.#wake()
  }

  /** The room itself changed: name, picture, members. */
  roomChanged(roomId: number, session: Sidebar): void {
    add(this.#rooms, roomId, session)
    this.#wake()
  }

  #wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    // Lets all sidebars that hear of the same event join the round.
    setImmediate(() => this.#run().catch((error) => this.#core.log.error({ err: error }, 'sidebars stand still')))
  }

  async #run(): Promise<void> {
    while (this.#messages.size > 0 || this.#rooms.size > 0) {
      const messages = this.#messages
      const rooms = this.#rooms
      this.#messages = new Map()
      this.#rooms = new Map()
      try {
        await this.#tellRooms(rooms)
        await this.#tellMessages(messages)
      } catch (error) {
        this.#core.log.warn({ err: error }, 'sidebars could not be brought up to date')
        for (const [room, sessions] of messages) for (const session of sessions) add(this.#messages, room, session)
        for (const [room, sessions] of rooms) for (const session of sessions) add(this.#rooms, room, session)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    this.#isRunning = false
  }

  async #tellMessages(changed: Map<number, Sessions>): Promise<void> {
    if (changed.size === 0) return
    const wanted = [...changed].flatMap(([roomId, sessions]) =>
      [...new Set([...sessions].map((session) => session.userId))].map((userId) => ({ roomId, userId })),
    )
    for (const row of await listSidebarRows(this.#core.database.kysely, wanted)) {
      const frame = toFrame(row)
      for (const session of changed.get(row.room_id) ?? [])
        if (session.userId === row.user_id) session.tell(row.room_id, frame)
    }
  }

  async #tellRooms(changed: Map<number, Sessions>): Promise<void> {
    for (const [roomId, sessions] of changed) {
      const viewers = [...new Set([...sessions].map((session) => session.userId))]
      const views = await viewRoomsFor(this.#core.database.kysely, this.#core, roomId, viewers)
      for (const session of sessions) {
        const group = views.get(session.userId)
        if (group) session.tell(roomId, absolutize({ type: 'group_updated', group }, session.baseUrl))
      }
    }
  }
}

function add(changed: Map<number, Sessions>, roomId: number, session: Sidebar): void {
  const sessions = changed.get(roomId)
  if (sessions) sessions.add(session)
  else changed.set(roomId, new Set([session]))
}

function toFrame(row: SidebarRow): object {
  const { id, content, username, created_at: timestamp } = row
  return {
    type: 'last_message_updated',
    group_id: row.room_id,
    last_message:
      id === null
        ? null
        : {
            id,
            text: content,
            sender: username,
            timestamp,
            content,
            sender_name: username,
            unread_count: row.unread_count,
          },
  }
}
