/**
 * The little that the client uses of what only browsers have. The repository is checked without the types of the DOM,
 * so that the server cannot lean on them; where they are there (in the web app), this file is not.
 */

declare class XMLHttpRequest {
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null }
  readonly status: number
  readonly responseText: string
  onload: (() => void) | null
  onerror: (() => void) | null
  onloadend: (() => void) | null
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  getResponseHeader(name: string): string | null
  send(body: string | FormData | null): void
  abort(): void
}

interface StorageEvent extends Event {
  readonly key: string | null
  readonly newValue: string | null
}

declare function addEventListener(type: string, listener: (event: never) => void): void
declare function removeEventListener(type: string, listener: (event: never) => void): void

interface Document {
  readonly visibilityState: 'visible' | 'hidden'
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

declare const document: Document

interface Navigator {
  readonly onLine?: boolean
}

type IDBTransactionMode = 'readonly' | 'readwrite'

interface IDBRequest<T> {
  readonly result: T
  readonly error: Error | null
  onsuccess: (() => void) | null
  onerror: (() => void) | null
}

interface IDBOpenDBRequest extends IDBRequest<IDBDatabase> {
  onupgradeneeded: (() => void) | null
}

interface IDBDatabase {
  onclose: (() => void) | null
  onversionchange: (() => void) | null
  createObjectStore(name: string, options: { keyPath: string[] }): IDBObjectStore
  transaction(table: string, mode: IDBTransactionMode): IDBTransaction
  close(): void
}

interface IDBTransaction {
  readonly error: Error | null
  oncomplete: (() => void) | null
  onerror: (() => void) | null
  onabort: (() => void) | null
  objectStore(name: string): IDBObjectStore
}

interface IDBObjectStore {
  // biome-ignore lint/suspicious/noExplicitAny: what is stored has whatever type it was stored with
  getAll(range: IDBKeyRange): IDBRequest<any[]>
  // biome-ignore lint/suspicious/noExplicitAny: nobody asks for the key
  put(value: object): IDBRequest<any>
  // biome-ignore lint/suspicious/noExplicitAny: there is no result
  delete(key: string[] | IDBKeyRange): IDBRequest<any>
}

interface IDBKeyRange {
  readonly lower: unknown
}

declare const IDBKeyRange: { bound(lower: unknown, upper: unknown): IDBKeyRange }

declare const indexedDB: {
  open(name: string, version: number): IDBOpenDBRequest
  deleteDatabase(name: string): IDBOpenDBRequest
}
