import { type DataOf, topicOf } from '@confab/contract/define-event'
import { PersonChanged } from '@confab/contract/people/events'
import type { Person } from '@confab/contract/people/resources'
import { PresenceChanged } from '@confab/contract/presence/events'
import type { PersonPresence } from '@confab/contract/presence/resources'
import type { Db } from '../../db/open.ts'
import type { CommandSocket } from '../../realtime/command.ts'
import { listVisible } from './queries.ts'

/** That somebody came or went. */
export type Told = Readonly<{ userId: number; isOnline: boolean }>

/** Who on this server's sockets watches whom. Whether they may is asked anew whenever there is something to tell. */
export class Watchers {
  readonly #viewers = new Map<number, Map<CommandSocket, number>>()
  readonly #watched = new Map<CommandSocket, readonly number[]>()
  /** What is not told yet, and what resolves when it is. */
  readonly #untold = new Set<Map<number, Told>>()
  #lastTold: Promise<unknown> = Promise.resolve()

  /** Makes a socket watch these people, and nobody else any more. */
  watch(socket: CommandSocket, viewerId: number, userIds: readonly number[]): void {
    if (!this.#watched.has(socket)) socket.addCleanup(() => this.#forget(socket))
    this.#forget(socket)
    this.#watched.set(socket, userIds)
    for (const userId of userIds) {
      const viewers = this.#viewers.get(userId) ?? new Map<CommandSocket, number>()
      viewers.set(socket, viewerId)
      this.#viewers.set(userId, viewers)
    }
  }

  /** Tells the sockets here that watch some people, those that may know; what is told later reaches them later. */
  tell(db: Db, told: readonly Told[]): Promise<void> {
    const changes = new Map(told.map((one) => [one.userId, one]))
    this.#untold.add(changes)
    const done = this.#lastTold.then(() => this.#tell(db, changes)).finally(() => this.#untold.delete(changes))
    this.#lastTold = done.catch(() => {})
    return done
  }

  /** Tells them at once that there is nothing to be seen of somebody any more, and nothing of what was to be told of them. */
  tellHidden(userId: number): void {
    for (const changes of this.#untold) changes.delete(userId)
    for (const [socket, viewerId] of this.#viewers.get(userId) ?? []) send(socket, viewerId, hiddenPresence(userId))
  }

  /** Tells the sockets here that watch somebody of their name and picture, which everybody may know. */
  tellOfPerson(person: Person): void {
    const data: DataOf<typeof PersonChanged> = { user: person }
    const signal = { topic: topicOf('user', person.id), type: PersonChanged.name, data }
    for (const socket of this.#viewers.get(person.id)?.keys() ?? []) socket.onSignal(signal)
  }

  async #tell(db: Db, changes: ReadonlyMap<number, Told>): Promise<void> {
    const pairs = [...changes.keys()].flatMap((userId) =>
      [...new Set(this.#viewers.get(userId)?.values())].map((viewerId) => ({ subjectId: userId, viewerId })),
    )
    if (pairs.length === 0) return
    const visible = new Map((await listVisible(db, pairs)).map((pair) => [`${pair.subjectId}:${pair.viewerId}`, pair]))
    for (const { userId, isOnline } of changes.values()) {
      for (const [socket, viewerId] of this.#viewers.get(userId) ?? []) {
        const pair = visible.get(`${userId}:${viewerId}`)
        if (pair) send(socket, viewerId, toPresence(userId, isOnline, pair))
      }
    }
  }

  #forget(socket: CommandSocket): void {
    for (const userId of this.#watched.get(socket) ?? []) {
      const viewers = this.#viewers.get(userId)
      viewers?.delete(socket)
      if (viewers?.size === 0) this.#viewers.delete(userId)
    }
    this.#watched.delete(socket)
  }
}

function send(socket: CommandSocket, viewerId: number, data: PersonPresence): void {
  socket.onSignal({ topic: topicOf('user', viewerId), type: PresenceChanged.name, data })
}

/** The presence of somebody who shows it. */
export function toPresence(
  userId: number,
  isOnline: boolean,
  shown: { status: string; lastSeenAt: string | null },
): PersonPresence {
  const status = shown.status === 'away' || shown.status === 'dnd' ? shown.status : 'online'
  return {
    user_id: userId,
    online_status: isOnline,
    status: isOnline ? status : 'offline',
    last_seen: shown.lastSeenAt,
  }
}

/** The presence of somebody who does not. */
export function hiddenPresence(userId: number): PersonPresence {
  return { user_id: userId, online_status: false, status: 'offline', last_seen: null }
}
