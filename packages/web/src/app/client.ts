import { type ChatClient, createClient } from '@confab/client'
import { LoginCache } from '../lib/login-cache.ts'
import { LoginTokens } from '../lib/login-tokens.ts'

/** The one client of the app: of the server that serves it, or of another where it was built for that. */
export const client: ChatClient = createClient({
  tokens: new LoginTokens(),
  cache: new LoginCache(),
  url: import.meta.env.VITE_CONFAB_URL ?? location.origin,
})
