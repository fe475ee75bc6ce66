import type { Link } from '../connection.ts'
import type { CommandMap } from '../contract.gen.ts'
import type { Model } from '../model.ts'
import type { State } from '../state.ts'
import { notePresence } from './reducers.ts'

/** People one socket may watch; the server's bound. */
export const MAX_WATCHED = 500

/** Those whose presence is shown: who one talks with, friends, and the members of rooms that were opened. */
function listShown({ rooms, people, details, me }: State): number[] {
  const peers = rooms.order.flatMap((id) => rooms.byId[id]?.peer_id ?? [])
  const friends = people.friends.map(({ id }) => id)
  const members = Object.values(details).flatMap(({ participants }) => participants.map(({ id }) => id))
  const shown = new Set([...peers, ...friends, ...members])
  if (me) shown.delete(me.id)
  return [...shown].slice(0, MAX_WATCHED)
}

type Reply = CommandMap['presence.watch']['reply']

const toPresence = ({ user_id: id, online_status, last_seen }: Reply['people'][number]) => ({
  id,
  online_status,
  last_seen,
})

type Parts = readonly [State['rooms']['byId'], State['people']['friends'], State['details'], State['me']]

/**
 * Keeps the server telling of the presence of those who are shown. A socket watches one set of people, so it is told the
 * whole set whenever somebody is new in it, and anew after every connect.
 */
export class PresenceWatch {
  readonly #model: Model
  readonly #link: () => Pick<Link, 'command'> | undefined
  #watched = new Set<number>()
  #seen: Parts | undefined
  #isDue = false

  constructor(model: Model, link: () => Pick<Link, 'command'> | undefined) {
    this.#model = model
    this.#link = link
  }

  /** Whether somebody is shown who is not watched. */
  isDue(state: State): boolean {
    const parts: Parts = [state.rooms.byId, state.people.friends, state.details, state.me]
    if (!this.#seen?.every((part, index) => part === parts[index])) {
      this.#seen = parts
      this.#isDue = listShown(state).some((id) => !this.#watched.has(id))
    }
    return this.#isDue
  }

  /** Watches them, and takes over whether they are there. @throws ConfabError */
  async watch(): Promise<void> {
    const users = listShown(this.#model.state)
    const { people } = await this.#model.fetch({
      load: async (): Promise<Partial<Reply>> => (await this.#link()?.command('presence.watch', { users })) ?? {},
      merge: (state, { people = [] }) => notePresence(state, people.map(toPresence)),
      pick: ({ presence }, into) => ({ ...into, presence }),
    })
    if (!people) return
    this.#watched = new Set(users)
    this.#seen = undefined
  }

  /** The connection is gone, and with it what was watched. */
  forget(): void {
    this.#watched = new Set()
    this.#seen = undefined
  }
}
