import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of the loopback that nothing listens on just now. Whoever wants it must reckon with another being faster. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('a server without an address')
  return address.port
}
