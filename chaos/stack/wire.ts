/**
 * A TCP proxy on the loopback that makes bad weather: it delays, holds back, swallows and cuts. Bytes that it passes on
 * are passed on in order and once, as TCP does.
 */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Which way bytes go: `up` from the one who connected, `down` to them. */
type Direction = 'up' | 'down'

export class Wire {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  /** The port that new connections are passed on to. */
  target: number
  /** How long each chunk takes to pass, in milliseconds. */
  delayMs = 0
  /** What does not pass just now; it is not lost, but waits where it is, as on a wire that is down. */
  readonly held: Record<Direction, boolean> = { up: false, down: false }

  private constructor(server: Server, target: number) {
    this.#server = server
    this.target = target
  }

  /** Begins to listen. */
  static async open(target: number): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true })
    const proxy = new Wire(server, target)
    server.on('connection', (inner) => proxy.#accept(inner))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen')
    return address.port
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Cuts what is open, without a word to either end. */
  cut(): void {
    for (const pair of this.#pairs) pair.destroy()
  }

  /** From now on what is open loses all bytes, both ways, and stays open; what is opened later is not concerned. */
  swallow(): void {
    for (const pair of this.#pairs) pair.isSwallowing = true
  }

  /** Cuts what `swallow` has left. */
  cutSwallowed(): void {
    for (const pair of this.#pairs) if (pair.isSwallowing) pair.destroy()
  }

  /** Holds back, or lets go of, what goes in these directions. */
  hold(isHeld: boolean, ...directions: Direction[]): void {
    for (const direction of directions) this.held[direction] = isHeld
    for (const pair of this.#pairs) pair.update()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(inner: Socket): void {
    const outer = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true })
    const pair: Pair = new Pair(this, inner, outer, () => this.#pairs.delete(pair))
    this.#pairs.add(pair)
  }
}

/** A connection to the proxy and the one that it goes on in. */
class Pair {
  readonly #sockets: readonly Socket[]
  readonly #lanes: readonly Lane[]
  isSwallowing = false

  constructor(proxy: Wire, inner: Socket, outer: Socket, onEnd: () => void) {
    this.#sockets = [inner, outer]
    this.#lanes = [
      new Lane({ from: inner, to: outer, proxy, direction: 'up', pair: this }),
      new Lane({ from: outer, to: inner, proxy, direction: 'down', pair: this }),
    ]
    for (const socket of this.#sockets) {
      socket.setNoDelay(true)
      socket.on('error', () => this.destroy())
      socket.on('close', () => this.#onClose(socket, onEnd))
    }
    this.update()
  }

  update(): void {
    for (const lane of this.#lanes) lane.update()
  }

  /** What came before a clean end is still delivered; the other end then closes by itself, or is cut with the rest. */
  #onClose(socket: Socket, onEnd: () => void): void {
    if (socket.errored) this.destroy()
    if (this.#sockets.every((one) => one.destroyed)) onEnd()
  }

  destroy(): void {
    for (const lane of this.#lanes) lane.stop()
    for (const socket of this.#sockets) socket.destroy()
  }
}

class Lane {
  readonly #from: Socket
  readonly #to: Socket
  readonly #proxy: Wire
  readonly #direction: Direction
  readonly #pair: Pair
  readonly #waiting: { dueAt: number; chunk: Buffer }[] = []
  #timer: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor(ends: { from: Socket; to: Socket; proxy: Wire; direction: Direction; pair: Pair }) {
    this.#from = ends.from
    this.#to = ends.to
    this.#proxy = ends.proxy
    this.#direction = ends.direction
    this.#pair = ends.pair
    this.#from.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#from.on('end', () => {
      this.#hasEnded = true
      this.#pass()
    })
    this.#to.on('drain', () => this.update())
  }

  /** Takes from its source only while its destination takes too, and nothing is held. */
  update(): void {
    const isOpen = !this.#proxy.held[this.#direction] && !this.#to.writableNeedDrain
    if (isOpen) this.#from.resume()
    else this.#from.pause()
    this.#pass()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  #take(chunk: Buffer): void {
    if (this.#pair.isSwallowing) return
    this.#waiting.push({ dueAt: performance.now() + this.#proxy.delayMs, chunk })
    this.#pass()
  }

  #pass(): void {
    clearTimeout(this.#timer)
    if (this.#proxy.held[this.#direction]) return
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const leftMs = first.dueAt - performance.now()
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.#pass(), leftMs)
        return
      }
      this.#waiting.shift()
      if (!this.#to.destroyed && !this.#to.write(first.chunk)) this.#from.pause()
    }
    if (this.#hasEnded && !this.#to.writableEnded && !this.#pair.isSwallowing) this.#to.end()
  }
}
