import type { Chat, Room } from '../contract.gen.ts'
import type { Frame } from '../frames.ts'
import { cursorOf, type HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import { notePresence } from '../presence/reducers.ts'
import type { RoomEntry, State } from '../state.ts'
import { listOf } from './list.ts'

/** Rooms fetched at once; the most the server gives. */
const PAGE = '100'

/** The list of rooms beyond its beginning, and rooms with their members. */
export class RoomsApi {
  readonly #http: HttpClient
  readonly #model: Model

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /** Fetches the next rooms of the list, where there are more. @throws ConfabError */
  async loadMore(): Promise<void> {
    const { next: cursor } = this.#model.state.rooms
    if (cursor === null) return
    await this.#model.fetch({
      load: () => this.#loadPage(cursor),
      merge: (state, { chats, next }) => {
        const fresh = new Set(chats.map(({ id }) => id))
        const rest = Object.values(state.rooms.byId).filter(({ id }) => !fresh.has(id))
        return { ...state, rooms: listOf([...rest, ...chats.map((chat) => this.#toEntry(state, chat))], next) }
      },
      pick: pickRooms,
    })
  }

  /** Fetches as much of the list as is here anew: where what is known of it is not certain. @throws ConfabError */
  async refresh(): Promise<void> {
    await this.#model.fetch({
      load: () => this.#loadAsMany(this.#model.state.rooms.order.length),
      merge: (state, { chats, next }) => ({
        ...state,
        rooms: listOf(
          chats.map((chat) => this.#toEntry(state, chat)),
          next,
        ),
      }),
      pick: pickRooms,
    })
  }

  /** Fetches a room with its members; from then on it is kept as it is. @throws ConfabError room_not_found */
  async loadRoom(id: number): Promise<Room> {
    return this.#model.fetch({
      load: () => this.#http.call('getRoom', { params: { id } }),
      merge: (state, room) => notePresence({ ...state, details: { ...state.details, [id]: room } }, room.participants),
      pick: ({ details: { [id]: room }, presence }, into) => ({
        ...into,
        presence,
        details: room ? { ...into.details, [id]: room } : into.details,
      }),
    })
  }

  async #loadAsMany(count: number): Promise<{ chats: Chat[]; next: string | null }> {
    const chats: Chat[] = []
    let next: string | null = null
    do {
      const page = await this.#loadPage(next)
      chats.push(...page.chats)
      next = page.next
    } while (next !== null && chats.length < count)
    return { chats, next }
  }

  async #loadPage(cursor: string | null): Promise<{ chats: readonly Chat[]; next: string | null }> {
    const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) }
    const page = await this.#http.call('listRooms', { query })
    return { chats: page.results, next: cursorOf(page.next) }
  }

  /** What the list does not say of a room stays as it is known, as long as it is of the same last message. */
  #toEntry(state: State, chat: Chat): RoomEntry {
    const known = state.rooms.byId[chat.id]
    const isSame = known !== undefined && known.last_message?.id === chat.last_message?.id
    return {
      ...chat,
      read_no: known?.read_no,
      last_no: isSame ? known.last_no : undefined,
      mention_count: chat.unread_count === 0 ? 0 : (known?.mention_count ?? 0),
      counted: isSame ? known.counted : [],
    }
  }
}

/** Where counts changed while the list was on its way it is not known whether they are in it: it is fetched once more. */
function pickRooms({ rooms }: State, into: State, told: readonly Frame[]): State {
  const isDoubtful = told.some(({ type }) => type === 'message.deleted' || type === 'unread')
  return { ...into, rooms: isDoubtful ? { ...rooms, isStale: true } : rooms }
}
