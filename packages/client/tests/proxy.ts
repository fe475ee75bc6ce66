/** A network between clients and a server that can be cut, joined again, and led to another server. */
import { once } from 'node:events'
import { createServer, type Server, Socket } from 'node:net'
import type { Environment } from '@confab/client/environment'
import { afterAll } from 'vitest'

export class Network {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #target: number
  #isCut = false
  readonly #wakers = new Set<() => void>()

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((client) => this.#carry(client))
  }

  /** Opens a network to a server; it is closed after the file's tests. */
  static async to(url: string): Promise<Network> {
    const network = new Network(Number(new URL(url).port))
    network.#server.listen(0, '127.0.0.1')
    await once(network.#server, 'listening')
    afterAll(() => network.#close())
    return network
  }

  /** What clients are to be pointed at. */
  get url(): string {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the network is closed')
    return `http://127.0.0.1:${address.port}`
  }

  /** Breaks what is open, without a word, and lets nothing new through. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  join(): void {
    this.#isCut = false
    for (const wake of this.#wakers) wake()
  }

  /** What a device at its end knows of it. */
  get environment(): Environment {
    return {
      isOnline: () => !this.#isCut,
      isVisible: () => true,
      onWake: (wake) => {
        this.#wakers.add(wake)
        return () => this.#wakers.delete(wake)
      },
    }
  }

  /** From now on it leads to another server. */
  leadTo(url: string): void {
    this.#target = Number(new URL(url).port)
  }

  #carry(client: Socket): void {
    if (this.#isCut) {
      client.destroy()
      return
    }
    const server = new Socket()
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    server.connect(this.#target, '127.0.0.1')
    client.pipe(server).pipe(client)
  }

  async #close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
