import type { Chat, Message, Room } from '../contract.gen.ts'
import type { Frame } from '../frames.ts'
import { cursorOf, type HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import { loadAsMany, type Part, pages } from '../paging.ts'
import { notePresence } from '../presence/reducers.ts'
import type { RoomEntry, State } from '../state.ts'
import { Turns } from '../turns.ts'
import { listOf } from './list.ts'

/** Rooms fetched at once; the most the server gives. */
const PAGE = '100'

/** The list of rooms beyond its beginning, and rooms with their members. */
export class RoomsApi {
  readonly #http: HttpClient
  readonly #model: Model
  readonly #turns = new Turns()

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /** Fetches the next rooms of the list, where there are more. @throws ConfabError */
  loadMore(): Promise<void> {
    return this.#turns.share(async () => {
      if (this.#model.state.rooms.next === null) return
      await this.#model.fetch({
        load: () => this.#loadNext(),
        merge: (state, { items: chats, next }) => {
          const fresh = new Set(chats.map(({ id }) => id))
          const rest = Object.values(state.rooms.byId).filter(({ id }) => !fresh.has(id))
          const grown = listOf([...rest, ...chats.map((chat) => this.#toEntry(state, chat))], next)
          // Of what was here already it is no more certain than before.
          return { ...state, rooms: { ...grown, isStale: state.rooms.isStale } }
        },
        pick: pickRooms,
      })
    })
  }

  /** Fetches as much of the list as is here anew: where what is known of it is not certain. @throws ConfabError */
  refresh(): Promise<void> {
    return this.#turns.take(async () => {
      await this.#model.fetch({
        load: () => loadAsMany(this.#model.state.rooms.order.length, (cursor) => this.#loadPage(cursor)),
        merge: (state, { items: chats, next }) => ({
          ...state,
          rooms: listOf(
            chats.map((chat) => this.#toEntry(state, chat)),
            next,
          ),
        }),
        pick: pickRooms,
      })
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

  /**
   * The messages of a room that have an image, newest first, page by page as they are asked for.
   *
   * @example for await (const page of chat.rooms.images(12)) { … }
   * @throws ConfabError room_not_found
   */
  images(room: number): AsyncGenerator<readonly Message[]> {
    return pages(this.#http, 'listRoomImages', { params: { room } })
  }

  /** The page after what is here, which may be all by the time it is asked for once more. */
  async #loadNext(): Promise<Part<Chat>> {
    const { next } = this.#model.state.rooms
    return next === null ? { items: [], next } : this.#loadPage(next)
  }

  async #loadPage(cursor: string | null): Promise<Part<Chat>> {
    const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) }
    const page = await this.#http.call('listRooms', { query })
    return { items: page.results, next: cursorOf(page.next) }
  }

  /** Mentions are told of by notifications, some of which may be in the list already: what was counted by them stays. */
  #toEntry(state: State, chat: Chat): RoomEntry {
    const known = state.rooms.byId[chat.id]
    const isFollowed = known?.read_no !== undefined
    const counted = known?.counted.filter((no) => no > chat.read_no && no <= chat.last_no) ?? []
    if (chat.unread_count === 0 || !isFollowed) return { ...chat, counted, recountedBy: undefined }
    return { ...chat, mention_count: known.mention_count, counted, recountedBy: undefined }
  }
}

/** Where counts changed while the list was on its way it is not known whether they are in it: it is fetched once more. */
function pickRooms({ rooms }: State, into: State, told: readonly Frame[]): State {
  const isDoubtful = told.some(({ type }) => type === 'message.deleted' || type === 'unread')
  return { ...into, rooms: isDoubtful ? { ...rooms, isStale: true } : rooms }
}
