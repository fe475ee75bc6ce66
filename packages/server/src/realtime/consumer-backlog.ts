/** How far a room's log is ahead of a consumer, as far as this server knows. */
type Behind = { after: number; upTo: number }

/**
 * Counts the events that a consumer of this server still has before it, from what passes it anyway: nothing is asked of the
 * database. What another server has consumed of them meanwhile is found out by the run that looks.
 */
export class Backlog {
  readonly #rooms = new Map<number, Behind>()

  /** Events that are not consumed yet, in all rooms. */
  get size(): number {
    let size = 0
    for (const { after, upTo } of this.#rooms.values()) size += upTo - after
    return size
  }

  /** Events of a room up to this number were committed; of a room that was consumed to its end, this is the next one. */
  committed(roomId: number, seq: number): void {
    const room = this.#rooms.get(roomId)
    if (!room) this.#rooms.set(roomId, { after: seq - 1, upTo: seq })
    else room.upTo = Math.max(room.upTo, seq)
  }

  /** A room was found to be behind. */
  found(roomId: number, { after, upTo }: Behind): void {
    const room = this.#rooms.get(roomId)
    this.#rooms.set(roomId, { after, upTo: Math.max(upTo, room?.upTo ?? 0) })
  }

  /** A room is consumed up to this number. */
  consumed(roomId: number, seq: number): void {
    const room = this.#rooms.get(roomId)
    if (!room) return
    if (room.upTo <= seq) this.#rooms.delete(roomId)
    else room.after = Math.max(room.after, seq)
  }

  /** There is nothing left of a room. */
  done(roomId: number): void {
    this.#rooms.delete(roomId)
  }
}
