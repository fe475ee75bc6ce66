import { LocalStorageTokens, type TokenStore } from '@confab/client'

const KEY = 'confab.tokens'

let isToStay = true

/** Whether the next login outlives the tab. */
export function keepNextLogin(isKept: boolean): void {
  isToStay = isKept
}

/** Whether the login ends with this tab. */
export function isLoginOfTab(): boolean {
  return readTab() !== undefined
}

type Tokens = Awaited<ReturnType<TokenStore['load']>>

/**
 * Keeps a login on the device, for all tabs, or, for somebody who does not want to stay signed in, in this tab alone, where
 * it ends with it.
 */
export class LoginTokens implements TokenStore {
  readonly #device = new LocalStorageTokens(KEY)

  load(): Tokens {
    return readTab() ?? this.#device.load()
  }

  save(tokens: Tokens): void {
    // A renewed token stays where the login was put.
    const isOfTab = readTab() !== undefined || (!isToStay && this.#device.load() === undefined)
    if (tokens && isOfTab) sessionStorage.setItem(KEY, JSON.stringify(tokens))
    else if (readTab()) sessionStorage.removeItem(KEY)
    else this.#device.save(tokens)
  }

  /** Logins in other tabs are none of a tab that has its own. */
  onChange(listener: (tokens: Tokens) => void): () => void {
    return this.#device.onChange((tokens) => {
      if (!readTab()) listener(tokens)
    })
  }
}

function readTab(): Tokens {
  try {
    const { access, refresh } = JSON.parse(sessionStorage.getItem(KEY) ?? '{}')
    return typeof access === 'string' && typeof refresh === 'string' ? { access, refresh } : undefined
  } catch {
    return undefined
  }
}
