/** What a wire repeats of what a client says, and what came of it. */
import { connect, type Socket } from 'node:net'
import type { Address } from './address.ts'
import type { Unit } from './units.ts'

/** What the owner of a wire that repeats is told. */
export type RepetitionEvents = Readonly<{
  /**
   * Something arrives a second time.
   *
   * @param isAnswered whether the answer to the second reaches the client, too
   */
  onRepeat(unit: Unit, isAnswered: boolean): void
  /** A request that was repeated was answered with this status; the client does not see it. */
  onAnswer(status: number, request: Buffer): void
}>

/** After so long without an answer nobody waits for one any more. */
const ANSWER_MS = 10_000

/** Requests that the client made once and that arrive once more, each in a connection of its own. */
export class RepeatedRequests {
  readonly #events: RepetitionEvents
  readonly #open = new Set<Socket>()

  constructor(events: RepetitionEvents) {
    this.#events = events
  }

  /** Makes the request again, at this server, at once. */
  send(request: Buffer, to: Address): void {
    const socket = connect(to)
    this.#open.add(socket)
    let head = ''
    socket.setTimeout(ANSWER_MS, () => socket.destroy())
    socket.on('error', () => {})
    socket.on('close', () => this.#open.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1')
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]
      if (status === undefined) return
      socket.destroy()
      this.#events.onAnswer(Number(status), request)
    })
    socket.write(request)
  }

  close(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
