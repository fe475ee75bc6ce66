import type { HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import { type Item, type ListName, pages } from '../paging.ts'
import { notePresence } from '../presence/reducers.ts'
import type { State } from '../state.ts'

/** Friends, requests and blocks: once they were asked for they are kept up to date. */
export class PeopleApi {
  readonly #http: HttpClient
  readonly #model: Model
  #isKept = false
  /** The model's count of wholes when they were fetched. */
  #fetchedAt = 0

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /**
   * Has them fetched as soon as that is possible, again where it fails, and kept up to date. To be called whenever somebody
   * begins to look at them: a new name of somebody passes without a trace, so that after having been away they are fetched
   * once more, and not by every client that comes back.
   */
  keep(): void {
    if (!this.#isKept) {
      this.#isKept = true
      this.#model.tellDue()
    } else if (this.#fetchedAt !== this.#model.wholes) {
      this.#model.store.update((state) => ({ ...state, people: { ...state.people, isStale: true } }))
    }
  }

  /** Whether they are to be fetched. */
  isDue({ people: { isLoaded, isStale } }: State): boolean {
    return isLoaded ? isStale : this.#isKept
  }

  /** Fetches all of them. @throws ConfabError */
  async load(): Promise<void> {
    await this.#model.fetch({
      load: async () => {
        this.#fetchedAt = this.#model.wholes
        const [friends, requests, blocks] = await Promise.all([
          this.#loadAll('listFriends'),
          this.#loadAll('listFriendRequests'),
          this.#loadAll('listBlocks'),
        ])
        return { friends, requests, blocks }
      },
      merge: (state, { friends, requests, blocks }) => {
        const people = { ...state.people, friends, requests, blocks, isLoaded: true, isStale: false }
        return notePresence({ ...state, people }, friends)
      },
      pick: ({ people, presence }, into) => ({ ...into, people, presence }),
    })
  }

  async #loadAll<Name extends ListName & ('listFriends' | 'listFriendRequests' | 'listBlocks')>(
    name: Name,
  ): Promise<Item<Name>[]> {
    const found: Item<Name>[] = []
    for await (const page of pages(this.#http, name, { query: { limit: '500' } })) found.push(...page)
    return found
  }
}
