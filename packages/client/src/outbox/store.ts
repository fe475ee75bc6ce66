import type { ImageSize } from '../state.ts'

/** A send as it is kept until the server has it. */
export type StoredSend = Readonly<{
  clientId: string
  room: number
  content: string
  image: Blob | undefined
  imageSize: ImageSize | undefined
  createdAt: string
  order: number
  /** Why it failed, where it waits for a retry. */
  error: Readonly<{ code: string; message: string }> | undefined
}>

/** Where sends are kept, so that a reload does not lose them. `owner` tells people and servers apart. */
export interface OutboxStore {
  load(owner: string): Promise<StoredSend[]>
  put(owner: string, send: StoredSend): Promise<void>
  remove(owner: string, clientId: string): Promise<void>
  /** Forgets everything of an owner. */
  clear(owner: string): Promise<void>
}

/** Keeps sends for as long as the program runs. */
export class MemoryOutbox implements OutboxStore {
  readonly #sends = new Map<string, Map<string, StoredSend>>()

  async load(owner: string): Promise<StoredSend[]> {
    return [...(this.#sends.get(owner)?.values() ?? [])]
  }

  async put(owner: string, send: StoredSend): Promise<void> {
    const sends = this.#sends.get(owner) ?? new Map<string, StoredSend>()
    this.#sends.set(owner, sends.set(send.clientId, send))
  }

  async remove(owner: string, clientId: string): Promise<void> {
    this.#sends.get(owner)?.delete(clientId)
  }

  async clear(owner: string): Promise<void> {
    this.#sends.delete(owner)
  }
}
