import { IndexedDbTable, rangeOf } from '../indexed-db.ts'
import type { OutboxStore, StoredSend } from './store.ts'

/** A row of the table: the key is owner and id, so that an owner's rows lie beside each other. */
type Row = Readonly<{ owner: string; clientId: string; send: StoredSend }>

/** Keeps sends in the browser's IndexedDB, images included. */
export class IndexedDbOutbox implements OutboxStore {
  readonly #sends: IndexedDbTable

  constructor(name = 'confab.outbox') {
    this.#sends = new IndexedDbTable({ name, table: 'sends', keyPath: ['owner', 'clientId'] })
  }

  async load(owner: string): Promise<StoredSend[]> {
    const rows = await this.#sends.read<Row[]>((table) => table.getAll(rangeOf(owner)))
    return rows.map(({ send }) => send)
  }

  async put(owner: string, send: StoredSend): Promise<void> {
    await this.#sends.change((table) => table.put({ owner, clientId: send.clientId, send } satisfies Row))
  }

  async remove(owner: string, clientId: string): Promise<void> {
    await this.#sends.change((table) => table.delete([owner, clientId]))
  }

  async clear(owner: string): Promise<void> {
    await this.#sends.change((table) => table.delete(rangeOf(owner)))
  }
}
