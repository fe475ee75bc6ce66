import type { Tokens } from './contract.gen.ts'

/** Where the tokens of a login are kept. A store of one's own may be as slow as it likes: it is asked once. */
export interface TokenStore {
  load(): Tokens | undefined | Promise<Tokens | undefined>
  /** Keeps the tokens; undefined forgets them. */
  save(tokens: Tokens | undefined): void | Promise<void>
  /** Hears of changes that were made elsewhere, for example in another tab. Answers how to stop listening. */
  onChange?(listener: (tokens: Tokens | undefined) => void): () => void
}

/** Keeps the tokens for as long as the program runs. */
export class MemoryTokens implements TokenStore {
  #tokens: Tokens | undefined

  constructor(tokens?: Tokens) {
    this.#tokens = tokens
  }

  load(): Tokens | undefined {
    return this.#tokens
  }

  save(tokens: Tokens | undefined): void {
    this.#tokens = tokens
  }
}

/**
 * Keeps the tokens in `localStorage`, so that a reload stays logged in and a logout in one tab is one in all. Where the
 * browser keeps nothing (it is full, or forbidden) a login lasts as long as the page.
 */
export class LocalStorageTokens implements TokenStore {
  readonly #key: string

  /** @param key the name under which they are kept; another for each server, where a page talks to several */
  constructor(key = 'confab.tokens') {
    this.#key = key
  }

  load(): Tokens | undefined {
    try {
      return parseTokens(localStorage.getItem(this.#key))
    } catch {
      return undefined
    }
  }

  save(tokens: Tokens | undefined): void {
    try {
      if (tokens) localStorage.setItem(this.#key, JSON.stringify(tokens))
      else localStorage.removeItem(this.#key)
    } catch {
      // The one who asks has them all the same.
    }
  }

  onChange(listener: (tokens: Tokens | undefined) => void): () => void {
    const onStorage = ({ key, newValue }: StorageEvent) => {
      // A null key is `localStorage.clear()`.
      if (key === this.#key || key === null) listener(parseTokens(newValue))
    }
    addEventListener('storage', onStorage)
    return () => removeEventListener('storage', onStorage)
  }
}

function parseTokens(text: string | null): Tokens | undefined {
  if (!text) return undefined
  try {
    const { access, refresh } = JSON.parse(text)
    return typeof access === 'string' && typeof refresh === 'string' ? { access, refresh } : undefined
  } catch {
    return undefined
  }
}

/** What an access token says of itself, as far as clients need it. The signature is the server's to check. */
export type Claims = Readonly<{ user_id: number; username: string; iat: number; exp: number }>

/** The claims of an access token; undefined where it is none. */
export function readClaims(access: string): Claims | undefined {
  try {
    const payload = (access.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
