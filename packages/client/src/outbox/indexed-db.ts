import type { OutboxStore, StoredSend } from './store.ts'

/** A row of the table: the key is owner and id, so that an owner's rows lie beside each other. */
type Row = Readonly<{ owner: string; clientId: string; send: StoredSend }>

const TABLE = 'sends'

/** Keeps sends in the browser's IndexedDB, images included. */
export class IndexedDbOutbox implements OutboxStore {
  readonly #name: string
  #database: Promise<IDBDatabase> | undefined

  constructor(name = 'confab.outbox') {
    this.#name = name
  }

  async load(owner: string): Promise<StoredSend[]> {
    const rows = await this.#run<Row[]>('readonly', (table) => table.getAll(rangeOf(owner)))
    return rows.map(({ send }) => send)
  }

  async put(owner: string, send: StoredSend): Promise<void> {
    await this.#run('readwrite', (table) => table.put({ owner, clientId: send.clientId, send } satisfies Row))
  }

  async remove(owner: string, clientId: string): Promise<void> {
    await this.#run('readwrite', (table) => table.delete([owner, clientId]))
  }

  async clear(owner: string): Promise<void> {
    await this.#run('readwrite', (table) => table.delete(rangeOf(owner)))
  }

  async #run<T>(mode: IDBTransactionMode, ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    this.#database ??= this.#open()
    const database = await this.#database
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode)
      const request = ask(transaction.objectStore(TABLE))
      // Not before it is on disk.
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1)
      request.onupgradeneeded = () => {
        request.result.createObjectStore(TABLE, { keyPath: ['owner', 'clientId'] })
      }
      request.onsuccess = () => {
        // Another tab with a newer version must not wait for this one.
        request.result.onversionchange = () => request.result.close()
        resolve(request.result)
      }
      request.onerror = () => reject(request.error)
    })
  }
}

/** All keys of an owner: a list sorts after every text. */
function rangeOf(owner: string): IDBKeyRange {
  return IDBKeyRange.bound([owner], [owner, []])
}
