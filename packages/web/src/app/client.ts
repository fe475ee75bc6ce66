import { type ChatClient, createClient } from '@confab/client'

/** The one client of the app: of the server that serves it, or of another where it was built for that. */
export const client: ChatClient = createClient({ url: import.meta.env.VITE_CONFAB_URL ?? location.origin })
