/** A table of the browser's IndexedDB, in a database of its own. */
export class IndexedDbTable {
  readonly #options: Readonly<{ name: string; table: string; keyPath: string[] }>
  #database: Promise<IDBDatabase> | undefined

  /** @param options the names of database and table, and the fields that make a row's key */
  constructor(options: Readonly<{ name: string; table: string; keyPath: string[] }>) {
    this.#options = options
  }

  /** Asks for something. @throws Error where the browser keeps nothing: a private window */
  async read<T>(ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const { request } = await this.#transact('readonly', (table) => ({ request: ask(table) }))
    return request.result
  }

  /** Changes something, whole or not at all; done once it is on disk. @throws Error where there is no room for it */
  async change(work: (table: IDBObjectStore) => void): Promise<void> {
    await this.#transact('readwrite', work)
  }

  async #transact<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => T): Promise<T> {
    this.#database ??= this.#open().catch((error) => {
      this.#database = undefined
      throw error
    })
    const database = await this.#database
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(this.#options.table, mode)
      const result = work(transaction.objectStore(this.#options.table))
      transaction.oncomplete = () => resolve(result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  }

  #open(): Promise<IDBDatabase> {
    const { name, table, keyPath } = this.#options
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => {
        request.result.createObjectStore(table, { keyPath })
      }
      request.onsuccess = () => {
        const database = request.result
        // What is closed, by the browser or for another tab that must not wait for this one, is opened again when it is needed.
        database.onclose = () => {
          this.#database = undefined
        }
        database.onversionchange = () => {
          database.close()
          this.#database = undefined
        }
        resolve(database)
      }
      request.onerror = () => reject(request.error)
    })
  }
}

/** The keys of all rows whose key begins with `owner`: a list sorts after every text. */
export function rangeOf(owner: string): IDBKeyRange {
  return IDBKeyRange.bound([owner], [owner, []])
}
