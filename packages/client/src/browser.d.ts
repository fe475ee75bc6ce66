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

declare const document: {
  readonly visibilityState: 'visible' | 'hidden'
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}
