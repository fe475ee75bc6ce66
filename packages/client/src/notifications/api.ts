import type { Notification } from '../contract.gen.ts'
import type { HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import type { Notifications } from '../state.ts'
import { withCount } from './reducers.ts'

const PAGE = '50'

/** The list of notifications: once it was asked for it is kept up to date. */
export class NotificationsApi {
  readonly #http: HttpClient
  readonly #model: Model

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /** Fetches the newest notifications. @throws ConfabError */
  async load(): Promise<void> {
    await this.#fetch(null, ({ unreadCount }, { body, next }) => ({
      items: body,
      unreadCount,
      next,
      isLoaded: true,
      isStale: false,
    }))
  }

  /** Fetches older ones, where there are more. @throws ConfabError */
  async loadMore(): Promise<void> {
    const { next: cursor } = this.#model.state.notifications
    if (cursor === null) return
    await this.#fetch(cursor, (known, { body, next }) => {
      const ids = new Set(known.items.map(({ id }) => id))
      return { ...known, items: [...known.items, ...body.filter(({ id }) => !ids.has(id))], next }
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

  async #fetch(
    cursor: string | null,
    merge: (known: Notifications, page: { body: readonly Notification[]; next: string | null }) => Notifications,
  ): Promise<void> {
    await this.#model.fetch({
      load: () =>
        this.#http.callForPage('listNotifications', { query: { limit: PAGE, ...(cursor === null ? {} : { cursor }) } }),
      merge: (state, page) => ({ ...state, notifications: merge(state.notifications, page) }),
      pick: ({ notifications }, into, told) => {
        const isStale = told.some(({ type }) => type === 'notification.read')
        const { unreadCount } = into.notifications
        return { ...into, notifications: withCount({ ...notifications, unreadCount, isStale }) }
      },
    })
  }
}
