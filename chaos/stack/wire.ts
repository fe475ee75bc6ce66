/**
 * A TCP proxy that makes bad weather: it delays, holds back, swallows and cuts. Bytes that it passes on are passed on in
 * order and once, as TCP does; what a client says as a whole, a request or a message, it can also pass on twice, and it
 * can say the same to a second server.
 */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type Address, LOOPBACK } from './address.ts'
import { RepeatedRequests, type RepetitionEvents } from './repetition.ts'
import { type Unit, UnitReader } from './units.ts'

/** Which way bytes go: `up` from the one who connected, `down` to them. */
type Direction = 'up' | 'down'

/** After so long without a byte each end is asked whether it is still there. */
const KEEP_ALIVE_MS = 10_000

export type WireOptions = Readonly<{
  /** The address that it listens at, on a free port. */
  host?: string
  /** With these it understands HTTP and WebSockets on their way up, and can repeat. */
  repetition?: RepetitionEvents
}>

export class Wire {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  readonly #repetition: RepetitionEvents | undefined
  readonly #requests: RepeatedRequests | undefined
  /** Where new connections are passed on to. */
  target: Address
  /** While it is set, messages arrive a second time right behind themselves, and requests a second time at this server. */
  repeatTo: Address | undefined
  /** While it is set, what is connected is connected to this server, too: it is told the same, and what it says is lost. */
  doubleTo: Address | undefined
  /** How long each chunk takes to pass, in milliseconds. */
  delayMs = 0
  /** What does not pass just now; it is not lost, but waits where it is, as on a wire that is down. */
  readonly held: Record<Direction, boolean> = { up: false, down: false }

  private constructor(server: Server, target: Address, repetition: RepetitionEvents | undefined) {
    this.#server = server
    this.target = target
    this.#repetition = repetition
    this.#requests = repetition && new RepeatedRequests(repetition)
  }

  /** Begins to listen. */
  static async open(target: Address, { host = LOOPBACK, repetition }: WireOptions = {}): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true })
    const proxy = new Wire(server, target, repetition)
    server.on('connection', (inner) => proxy.#accept(inner))
    server.listen(0, host)
    await once(server, 'listening')
    return proxy
  }

  /** Where it listens. */
  get address(): Address {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen')
    return { host: address.address, port: address.port }
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

  /** Ends the second connections of what `doubleTo` has doubled; the first go on. */
  cutDoubles(): void {
    for (const pair of this.#pairs) pair.endDouble()
  }

  /** Holds back, or lets go of, what goes in these directions. */
  hold(isHeld: boolean, ...directions: Direction[]): void {
    for (const direction of directions) this.held[direction] = isHeld
    for (const pair of this.#pairs) pair.update()
  }

  async close(): Promise<void> {
    this.cut()
    this.#requests?.close()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Something whole goes up. @returns whether it is to go up once more in the same connection */
  repeats(unit: Unit, isDoubled: boolean): boolean {
    if (isDoubled) this.#repetition?.onRepeat(unit, false)
    if (!this.repeatTo || (unit.kind !== 'message' && unit.kind !== 'request')) return false
    this.#repetition?.onRepeat(unit, unit.kind === 'message')
    if (unit.kind === 'request') this.#requests?.send(unit.bytes, this.repeatTo)
    return unit.kind === 'message'
  }

  #accept(inner: Socket): void {
    const outer = connect({ ...this.target, allowHalfOpen: true })
    const pair: Pair = new Pair({
      proxy: this,
      inner,
      outer,
      reader: this.#repetition && new UnitReader(),
      onEnd: () => this.#pairs.delete(pair),
    })
    if (this.doubleTo) pair.double(this.doubleTo)
    this.#pairs.add(pair)
  }
}

type PairOptions = Readonly<{
  proxy: Wire
  inner: Socket
  outer: Socket
  /** Of a wire that can repeat. */
  reader: UnitReader | undefined
  onEnd: () => void
}>

/** A connection to the proxy and the one that it goes on in. */
class Pair {
  readonly #sockets: readonly Socket[]
  readonly #lanes: readonly Lane[]
  #double: Socket | undefined
  isSwallowing = false

  constructor({ proxy, inner, outer, reader, onEnd }: PairOptions) {
    this.#sockets = [inner, outer]
    this.#lanes = [
      new Lane({ from: inner, to: outer, proxy, direction: 'up', pair: this, reader }),
      new Lane({ from: outer, to: inner, proxy, direction: 'down', pair: this, reader: undefined }),
    ]
    for (const socket of this.#sockets) {
      socket.setNoDelay(true)
      // As Postgres does, by the settings of the servers' sessions: whoever has vanished is found out.
      socket.setKeepAlive(true, KEEP_ALIVE_MS)
      socket.on('error', () => this.destroy())
      socket.on('close', () => this.#onClose(socket, onEnd))
    }
    this.update()
  }

  get isDoubled(): boolean {
    return this.#double !== undefined
  }

  /** From now on what goes up goes to this server, too. To be called before anything went up. */
  double(to: Address): void {
    const socket = connect(to)
    socket.on('error', () => {})
    socket.on('close', () => this.endDouble())
    socket.resume()
    this.#double = socket
  }

  tellDouble(chunk: Buffer): void {
    this.#double?.write(chunk)
  }

  endDouble(): void {
    this.#double?.destroy()
    this.#double = undefined
  }

  update(): void {
    for (const lane of this.#lanes) lane.update()
  }

  /** What came before a clean end is still delivered; the other end then closes by itself, or is cut with the rest. */
  #onClose(socket: Socket, onEnd: () => void): void {
    if (socket.errored) this.destroy()
    if (!this.#sockets.every((one) => one.destroyed)) return
    this.endDouble()
    onEnd()
  }

  destroy(): void {
    for (const lane of this.#lanes) lane.stop()
    for (const socket of this.#sockets) socket.destroy()
  }
}

type LaneOptions = Readonly<{
  from: Socket
  to: Socket
  proxy: Wire
  direction: Direction
  pair: Pair
  reader: UnitReader | undefined
}>

class Lane {
  readonly #from: Socket
  readonly #to: Socket
  readonly #proxy: Wire
  readonly #direction: Direction
  readonly #pair: Pair
  readonly #reader: UnitReader | undefined
  readonly #waiting: { dueAt: number; chunk: Buffer }[] = []
  #timer: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor({ from, to, proxy, direction, pair, reader }: LaneOptions) {
    this.#from = from
    this.#to = to
    this.#proxy = proxy
    this.#direction = direction
    this.#pair = pair
    this.#reader = reader
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
    const dueAt = performance.now() + this.#proxy.delayMs
    for (const { bytes, unit } of this.#reader?.read(chunk) ?? [{ bytes: chunk, unit: undefined }]) {
      this.#waiting.push({ dueAt, chunk: bytes })
      if (unit && this.#proxy.repeats(unit, this.#pair.isDoubled)) this.#waiting.push({ dueAt, chunk: unit.bytes })
    }
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
      if (this.#direction === 'up') this.#pair.tellDouble(first.chunk)
      if (!this.#to.destroyed && !this.#to.write(first.chunk)) this.#from.pause()
    }
    if (this.#hasEnded && !this.#to.writableEnded && !this.#pair.isSwallowing) this.#to.end()
  }
}
