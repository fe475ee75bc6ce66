/**
 * Messages that are under way to many sockets. Every socket gets the same frames in the same order, so that they only
 * need counting: the n-th frame of each is the n-th message. What that one is, is found out at the first socket.
 */
export class Deliveries {
  readonly #sockets: number
  readonly #counts: Uint32Array
  /** How many sockets have the n-th message. */
  readonly #arrived: number[] = []
  /** What the n-th message is. */
  readonly #numbers: string[] = []
  readonly #waiting = new Map<string, () => void>()
  /** Messages that were everywhere before their sender had its answer and asked. */
  readonly #complete = new Set<string>()

  readonly #nameOf: (frame: Buffer, place: number) => string

  /** @param nameOf the number of the message that came n-th at the first socket, counted from 0; by default what it says */
  constructor(sockets: number, nameOf: (frame: Buffer, place: number) => string = numberIn) {
    this.#sockets = sockets
    this.#nameOf = nameOf
    this.#counts = new Uint32Array(sockets)
  }

  /** A frame arrived at a socket. */
  take(socket: number, frame: Buffer): void {
    const place = this.#counts[socket] ?? 0
    this.#counts[socket] = place + 1
    if (socket === 0) this.#numbers[place] = this.#nameOf(frame, place)
    const arrived = (this.#arrived[place] ?? 0) + 1
    this.#arrived[place] = arrived
    if (arrived === this.#sockets) this.#finish(this.#numbers[place] ?? '')
  }

  /** Resolves when the message is at every socket. */
  async everywhere(number: string): Promise<void> {
    if (this.#complete.delete(number)) return
    await new Promise<void>((resolve) => this.#waiting.set(number, resolve))
  }

  #finish(number: string): void {
    const resolve = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (resolve) resolve()
    else this.#complete.add(number)
  }
}

function numberIn(frame: Buffer): string {
  return /message (\d+)/.exec(frame.toString('latin1'))?.[1] ?? ''
}
