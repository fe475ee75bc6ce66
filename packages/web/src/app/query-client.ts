import { ConfabError } from '@confab/client'
import { QueryClient } from '@tanstack/react-query'
import { client } from './client.ts'

/** Reads that are not in the client's model. What may succeed later is tried twice more. Nothing outlives a login. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && error instanceof ConfabError && error.isRetryable,
    },
  },
})

client.on('logged_out', () => queryClient.clear())
