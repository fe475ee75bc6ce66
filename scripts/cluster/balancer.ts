import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A server behind the balancer. */
export type Backend = { readonly name: string; address: { host: string; port: number } | undefined; isReady: boolean }

const CHECK_MS = 250
const CHECK_TIMEOUT_MS = 1_000

/**
 * Spreads connections over servers in turn: whole connections, so that sockets work like any other. It asks each server's
 * `/readyz`, gives new connections to those that are ready only, and tries the next where one does not take them.
 */
export class Balancer {
  readonly #backends: readonly Backend[]
  readonly #server: Server
  readonly #open = new Set<Socket>()
  readonly #timer: NodeJS.Timeout
  #next = 0

  constructor(backends: readonly Backend[]) {
    this.#backends = backends
    this.#server = createServer({ pauseOnConnect: true }, (client) => this.#serve(client))
    this.#timer = setInterval(() => {
      for (const backend of backends) void check(backend)
    }, CHECK_MS)
  }

  /** @returns the port. @throws the error of `listen` where it cannot be had */
  async listen(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : port
  }

  close(): void {
    clearInterval(this.#timer)
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
  }

  #serve(client: Socket): void {
    this.#track(client)
    const ready = this.#backends.filter((backend) => backend.isReady)
    this.#next += 1
    const inTurn = ready.map((_, index) => ready[(this.#next + index) % ready.length])
    this.#join(
      client,
      inTurn.filter((backend) => backend !== undefined),
    )
  }

  /** Connects the client to the first of the servers that takes it; nothing of it was read before. */
  #join(client: Socket, [backend, ...others]: readonly Backend[]): void {
    if (!backend?.address) {
      client.destroy()
      return
    }
    const upstream = connect(backend.address)
    this.#track(upstream)
    upstream.once('error', () => {
      if (upstream.connecting || upstream.bytesRead + upstream.bytesWritten === 0) this.#join(client, others)
    })
    upstream.once('connect', () => {
      upstream.pipe(client)
      client.pipe(upstream)
      client.once('close', () => upstream.destroy())
      upstream.once('close', () => client.destroySoon())
    })
  }

  #track(socket: Socket): void {
    this.#open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => this.#open.delete(socket))
  }
}

async function check(backend: Backend): Promise<void> {
  const { address } = backend
  if (!address) {
    backend.isReady = false
    return
  }
  const url = `http://${address.host}:${address.port}/readyz`
  const isOk = await fetch(url, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) }).then(
    (response) => response.ok,
    () => false,
  )
  // It may have ended, and begun elsewhere, in between.
  if (backend.address === address) backend.isReady = isOk
}
