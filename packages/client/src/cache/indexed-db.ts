import { IndexedDbTable, rangeOf } from '../indexed-db.ts'
import type { CachedPart } from './parts.ts'
import type { ModelCache } from './store.ts'

type Row = CachedPart & Readonly<{ owner: string }>

/** Keeps the model in the browser's IndexedDB. */
export class IndexedDbCache implements ModelCache {
  readonly #parts: IndexedDbTable

  constructor(name = 'confab.cache') {
    this.#parts = new IndexedDbTable({ name, table: 'parts', keyPath: ['owner', 'part'] })
  }

  load(owner: string): Promise<readonly CachedPart[]> {
    return this.#parts.read<Row[]>((table) => table.getAll(rangeOf(owner)))
  }

  async save(owner: string, parts: readonly CachedPart[], gone: readonly CachedPart['part'][]): Promise<void> {
    await this.#parts.change((table) => {
      for (const part of gone) table.delete([owner, part])
      for (const part of parts) table.put({ ...part, owner } satisfies Row)
    })
  }

  async clear(owner: string): Promise<void> {
    await this.#parts.change((table) => table.delete(rangeOf(owner)))
  }
}
