/** Clients of the people of a test, and ways to wait for what they know. */
import { type ChatClient, type ClientOptions, createClient } from '@confab/client/client'
import type { State } from '@confab/client/state'
import { MemoryTokens } from '@confab/client/tokens'
import type { Person } from '@confab/testkit/server'
import { afterAll } from 'vitest'

/** A client of somebody, on their server or on another address of it; it is stopped after the file's tests. */
export function clientOf(person: Person, options: Partial<ClientOptions> = {}): ChatClient {
  const tokens = new MemoryTokens({ access: person.token ?? '', refresh: person.refresh })
  const client = createClient({ url: person.baseUrl, tokens, ...options })
  afterAll(() => client.stop())
  return client
}

/** A client that is connected and knows its first state. */
export async function connect(person: Person, options: Partial<ClientOptions> = {}): Promise<ChatClient> {
  const client = clientOf(person, options)
  await client.start()
  await client.ready()
  return client
}

/** Waits until something holds for what a client knows, and fails with what it knows otherwise. */
export async function until(client: ChatClient, holds: (state: State) => boolean, timeoutMs = 15_000): Promise<State> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const { status, rooms, outbox, windows } = client.state
      reject(
        new Error(`did not hold in ${timeoutMs} ms: ${holds}: ${JSON.stringify({ status, rooms, outbox, windows })}`),
      )
    }, timeoutMs)
  })
  await Promise.race([client.store.when(holds), late])
  clearTimeout(timer)
  return client.state
}
