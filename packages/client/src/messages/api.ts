import { ConfabError } from '../errors.ts'
import { cursorOf, type HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import type { MessageWindow, State } from '../state.ts'
import { without } from '../state.ts'
import { append, type FetchedPage, prepend, refreshNewest, windowOf } from './window.ts'

/** Rooms whose messages are kept although nobody looks at them. */
const MAX_UNWATCHED = 20

/** Messages fetched at once. */
const PAGE = 50
const LARGE_PAGE = 100

/** Which page of a room's messages; the newest where nothing is said. */
type Place = Readonly<{ limit: number; cursor?: string; around?: number; at?: string; no?: number }>

/**
 * The messages of rooms: what is looked at is kept up to date, what is not is forgotten after a while.
 *
 * Guarantees: a window has no holes; of one window one fetch at a time is under way.
 */
export class MessagesApi {
  readonly #http: HttpClient
  readonly #model: Model
  /** How many look at a room; the keys are in the order in which they were looked at. */
  readonly #watchers = new Map<number, number>()
  readonly #running = new Map<number, Promise<unknown>>()

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /** Looks at a room: its newest messages are fetched and kept up to date. Answers how to look away again. */
  open(room: number): () => void {
    const count = this.#watchers.get(room) ?? 0
    this.#watchers.delete(room)
    this.#watchers.set(room, count + 1)
    this.#forgetOldest()
    this.#model.tellDue()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#watchers.set(room, Math.max(0, (this.#watchers.get(room) ?? 1) - 1))
      this.#model.tellDue()
    }
  }

  /** The rooms that are looked at and not as they should be. */
  listDue(): number[] {
    const { windows } = this.#model.state
    return [...this.#watchers].flatMap(([room, count]) => (count > 0 && windows[room]?.isStale !== false ? [room] : []))
  }

  /** Fetches the newest messages of a room, into the window there is or as a new one. @throws ConfabError */
  loadNewest(room: number): Promise<void> {
    return this.#alone(room, () =>
      this.#fetchInto(room, { limit: LARGE_PAGE }, (window, page) =>
        window ? refreshNewest(window, page) : windowOf(page),
      ),
    )
  }

  /** Goes back to the present from wherever the window is. @throws ConfabError */
  async showNewest(room: number): Promise<void> {
    if (this.#model.state.windows[room]?.newer === null) return
    await this.#alone(room, () => this.#fetchInto(room, { limit: PAGE }, (_, page) => windowOf(page)))
  }

  /** Fetches what came before the window. Answers whether there may be more. @throws ConfabError */
  loadOlder(room: number): Promise<boolean> {
    return this.#alone(room, async () => {
      for (;;) {
        const window = this.#model.state.windows[room]
        if (!window || window.older === null) return false
        const first = window.messages[0]?.id
        const place = { ...(window.older ? { cursor: window.older } : {}), limit: LARGE_PAGE }
        // One that was cut meanwhile does not begin any more where the page ends.
        await this.#fetchInto(room, place, (now, page) => (now?.older === window.older ? prepend(now, page) : now))
        const grown = this.#model.state.windows[room]
        // From the newest on it may take some pages to get beyond what is here.
        if (grown?.messages[0]?.id !== first || !grown?.older) return Boolean(grown?.older)
      }
    })
  }

  /** Fetches what came after the window. Answers whether there may be more. @throws ConfabError */
  loadNewer(room: number): Promise<boolean> {
    return this.#alone(room, async () => {
      const cursor = this.#model.state.windows[room]?.newer
      if (!cursor) return false
      await this.#fetchInto(room, { cursor, limit: LARGE_PAGE }, (window, page) => window && append(window, page))
      return this.#model.state.windows[room]?.newer != null
    })
  }

  /**
   * Moves the window to where a message is in it. Answers whether there is such a message.
   *
   * @throws ConfabError
   */
  async showMessage(room: number, id: number): Promise<boolean> {
    const isHere = () => this.#model.state.windows[room]?.messages.some((message) => message.id === id) ?? false
    try {
      await this.#alone(room, async () => {
        if (!isHere()) await this.#fetchInto(room, { around: id, limit: PAGE }, (_, page) => windowOf(page))
      })
    } catch (error) {
      if (error instanceof ConfabError && error.code === 'message_not_found') return false
      throw error
    }
    return isHere()
  }

  /**
   * Moves the window to a time, or to the newest messages where none is so late. Answers the id of the first message of that
   * time or later.
   *
   * @throws ConfabError
   */
  async showDate(room: number, date: Date): Promise<number | undefined> {
    const at = date.toISOString()
    await this.#alone(room, () => this.#fetchInto(room, { at, limit: PAGE }, (_, page) => windowOf(page)))
    return this.#model.state.windows[room]?.messages.find(({ timestamp }) => timestamp >= at)?.id
  }

  /**
   * Moves the window to a number, or to the newest messages where none has so high a one: in one call, however far back it
   * is. Answers the id of the first message of that number or higher.
   *
   * @throws ConfabError
   */
  async showNumber(room: number, no: number): Promise<number | undefined> {
    await this.#alone(room, () => this.#fetchInto(room, { no, limit: PAGE }, (_, page) => windowOf(page)))
    return this.#model.state.windows[room]?.messages.find((message) => message.no >= no)?.id
  }

  async #fetchInto(
    room: number,
    place: Place,
    merge: (window: MessageWindow | undefined, page: FetchedPage) => MessageWindow | undefined,
  ): Promise<void> {
    await this.#model.fetch({
      load: () => this.#loadPage(room, place),
      merge: (state, page) => withWindow(state, room, merge(state.windows[room], page)),
      pick: (from, into) => {
        // Marks are kept of rooms whose messages are here: of those that moved meanwhile only `from` knows.
        const marks = from.receipts[room]
        const receipts = marks ? { ...into.receipts, [room]: marks } : into.receipts
        return withWindow({ ...into, receipts }, room, from.windows[room])
      },
    })
    this.#forgetOldest()
  }

  async #loadPage(room: number, { limit, ...place }: Place): Promise<FetchedPage> {
    const query = { ...place, limit: String(limit) }
    const page = await this.#http.call('listMessages', { params: { room }, query })
    return { results: page.results, older: cursorOf(page.next), newer: cursorOf(page.previous) }
  }

  /** One after the other for each room. */
  #alone<T>(room: number, work: () => Promise<T>): Promise<T> {
    const before = this.#running.get(room) ?? Promise.resolve()
    const result = before.then(work, work)
    this.#running.set(room, result)
    const forget = () => {
      if (this.#running.get(room) === result) this.#running.delete(room)
    }
    result.then(forget, forget)
    return result
  }

  /** Keeps memory bounded: of the rooms that nobody looks at, those looked at longest ago are forgotten. */
  #forgetOldest(): void {
    const { windows } = this.#model.state
    const known = new Set([...this.#watchers.keys(), ...Object.keys(windows).map(Number)])
    const unwatched = [...known].filter((room) => !this.#watchers.get(room))
    for (const room of unwatched.slice(0, Math.max(0, unwatched.length - MAX_UNWATCHED))) {
      this.#watchers.delete(room)
      this.#model.store.update((state) => ({
        ...state,
        windows: without(state.windows, room),
        details: without(state.details, room),
        receipts: without(state.receipts, room),
      }))
    }
  }
}

function withWindow(state: State, room: number, window: MessageWindow | undefined): State {
  const windows = window ? { ...state.windows, [room]: window } : without(state.windows, room)
  return { ...state, windows }
}
