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

  constructor(http: HttpClient, model: Model) {
    this.#http = http
    this.#model = model
  }

  /** Has them fetched as soon as that is possible, again where it fails, and kept up to date. */
  keep(): void {
    if (this.#isKept) return
    this.#isKept = true
    this.#model.tellDue()
  }

  /** Whether they are to be fetched. */
  isDue({ people: { isLoaded, isStale } }: State): boolean {
    return isLoaded ? isStale : this.#isKept
  }

  /** Fetches all of them. @throws ConfabError */
  async load(): Promise<void> {
    await this.#model.fetch({
      load: async () => {
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
