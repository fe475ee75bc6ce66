import type { Notification } from '../contract.gen.ts'
import type { HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import { loadAsMany, type Part } from '../paging.ts'
import type { Notifications, State } from '../state.ts'
import { Turns } from '../turns.ts'
import { recountMentions, withCount } from './reducers.ts'

/** Fetched at once: as many as one sees at first, and of many that are here the most the server gives. */
const PAGE = 50
const MAX_PAGE = 500

/** The list of notifications: once it was asked for it is kept up to date. */
export class NotificationsApi {
  readonly #http: HttpClient
  readonly #model: Model
  readonly #turns = new Turns()
  #isKept = false

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /** Has the newest fetched as soon as that is possible, again where it fails, and kept up to date. */
  keep(): void {
    if (this.#isKept) return
    this.#isKept = true
    this.#model.tellDue()
  }

  /** Whether they are to be fetched. */
  isDue({ notifications: { isLoaded, isStale } }: State): boolean {
    return isLoaded ? isStale : this.#isKept
  }

  /** Fetches the newest notifications, as many as are here. @throws ConfabError */
  load(): Promise<void> {
    return this.#turns.take(() =>
      this.#fetch(
        () =>
          loadAsMany(this.#model.state.notifications.items.length, (cursor, missing) =>
            this.#loadPage(cursor, missing),
          ),
        (known, { items, next }) => ({ ...known, items, next, isLoaded: true, isStale: false }),
      ),
    )
  }

  /** Fetches older ones, where there are more. @throws ConfabError */
  loadMore(): Promise<void> {
    return this.#turns.share(async () => {
      const { next: cursor } = this.#model.state.notifications
      if (cursor === null) return
      await this.#fetch(
        () => this.#loadPage(cursor),
        (known, { items, next }) => {
          const ids = new Set(known.items.map(({ id }) => id))
          return { ...known, items: [...known.items, ...items.filter(({ id }) => !ids.has(id))], next }
        },
      )
    })
  }

  /**
   * Finds the messages of a room that mention one and are not read, the first first: 100 of them at the most, however far
   * back they are. Answers their ids.
   *
   * @throws ConfabError
   */
  async listMentions(room: number): Promise<number[]> {
    const query = { room, search: 'mention', ordering: 'timestamp', limit: '100' }
    const found = await this.#http.call('listUnreadNotifications', { query })
    return found.flatMap(({ message_id: id }) => id ?? []).sort((one, other) => one - other)
  }

  async #loadPage(cursor: string | null, count = PAGE): Promise<Part<Notification>> {
    const query = { limit: String(Math.min(MAX_PAGE, Math.max(PAGE, count))), ...(cursor === null ? {} : { cursor }) }
    const { body, next } = await this.#http.callForPage('listNotifications', { query })
    return { items: body, next }
  }

  async #fetch(
    load: () => Promise<Part<Notification>>,
    merge: (known: Notifications, page: Part<Notification>) => Notifications,
  ): Promise<void> {
    await this.#model.fetch({
      load,
      merge: (state, page) => ({ ...state, notifications: merge(state.notifications, page) }),
      // The answer may hold what is told of later, and counted then: the count goes on from what was told.
      pick: ({ notifications }, into) => {
        const { unreadCount } = into.notifications
        return recountMentions({ ...into, notifications: withCount({ ...notifications, unreadCount }) })
      },
    })
  }
}
