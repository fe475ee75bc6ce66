import type { Trace } from '../trace.ts'

/** A message that somebody wanted to send, and what became of it as far as they know. */
export type Send = {
  readonly clientId: string
  readonly sender: number
  readonly room: number
  readonly content: string
  /** `refused` for good, and still perhaps stored by an attempt of which nothing was heard. */
  state: 'open' | 'acknowledged' | 'refused'
  id: number | undefined
  /** The last text that an edit was acknowledged with, and those of edits of which nothing was heard. */
  edited: string | undefined
  readonly perhapsEdited: Set<string>
  deleted: 'no' | 'perhaps' | 'yes'
  /** How many edits were asked for. */
  edits: number
  /** An edit or deletion of it came to a server twice; the second may still come late, and undo a later one. */
  isLeftAlone: boolean
}

/** All that was sent in a run, by its client_id. */
export class Ledger {
  readonly sends = new Map<string, Send>()
  readonly #trace: Trace

  constructor(trace: Trace) {
    this.#trace = trace
  }

  open(send: Pick<Send, 'clientId' | 'sender' | 'room' | 'content'>): Send {
    const opened: Send = {
      ...send,
      state: 'open',
      id: undefined,
      edited: undefined,
      perhapsEdited: new Set(),
      deleted: 'no',
      edits: 0,
      isLeftAlone: false,
    }
    this.sends.set(send.clientId, opened)
    this.#trace.count('sends')
    return opened
  }

  /** A message was acknowledged; however often that happens, it is the same one. */
  acknowledge(send: Send, id: number): void {
    if (send.id !== undefined && send.id !== id) {
      this.#trace.violation(
        `${send.clientId} was acknowledged as message ${send.id} and as message ${id}`,
        `room:${send.room}`,
      )
    }
    if (send.state !== 'acknowledged') this.#trace.count('acknowledged')
    send.state = 'acknowledged'
    send.id = id
    this.#trace.note(`room:${send.room}`, `${send.clientId} acknowledged as ${id}`)
  }

  /** Acknowledged messages of somebody in a room that nobody tried to delete, and that may be edited. */
  listOwn(sender: number, room: number): Send[] {
    const own: Send[] = []
    for (const send of this.sends.values()) {
      const isTheirs = send.sender === sender && send.room === room && send.state === 'acknowledged'
      if (isTheirs && send.deleted === 'no' && !send.isLeftAlone) own.push(send)
    }
    return own.slice(-20)
  }
}
