import type { Notification } from '../contract.gen.ts'
import type { HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import type { Notifications, State } from '../state.ts'
import { Turns } from '../turns.ts'
import { recountMentions, withCount } from './reducers.ts'

const PAGE = '50'

type FetchedPage = Readonly<{ body: readonly Notification[]; next: string | null }>

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
    // Tells those who keep the model up to date that there is something to do.
    this.#model.store.update((state) => ({ ...state }))
  }

  /** Whether they are to be fetched. */
  isDue({ notifications: { isLoaded, isStale } }: State): boolean {
    return isLoaded ? isStale : this.#isKept
  }

  /** Fetches the newest notifications, as many as are here. @throws ConfabError */
  load(): Promise<void> {
    return this.#turns.take(() =>
      this.#fetch(
        () => this.#loadAsMany(this.#model.state.notifications.items.length),
        ({ unreadCount }, { body, next }) => ({ items: body, unreadCount, next, isLoaded: true, isStale: false }),
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
        (known, { body, next }) => {
          const ids = new Set(known.items.map(({ id }) => id))
          return { ...known, items: [...known.items, ...body.filter(({ id }) => !ids.has(id))], next }
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

  async #loadAsMany(count: number): Promise<FetchedPage> {
    const body: Notification[] = []
    let next: string | null = null
    do {
      const page = await this.#loadPage(next)
      body.push(...page.body)
      next = page.next
    } while (next !== null && body.length < count)
    return { body, next }
  }

  #loadPage(cursor: string | null): Promise<FetchedPage> {
    const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) }
    return this.#http.callForPage('listNotifications', { query })
  }

  async #fetch(
    load: () => Promise<FetchedPage>,
    merge: (known: Notifications, page: FetchedPage) => Notifications,
  ): Promise<void> {
    await this.#model.fetch({
      load,
      merge: (state, page) => ({ ...state, notifications: merge(state.notifications, page) }),
      pick: ({ notifications }, into, told) => {
        const isStale = told.some(({ type }) => type === 'notification.read')
        const { unreadCount } = into.notifications
        return recountMentions({ ...into, notifications: withCount({ ...notifications, unreadCount, isStale }) })
      },
    })
  }
}
