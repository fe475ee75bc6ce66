/**
 * Sends that survive: what somebody writes is in the model at once, is kept on the device until the server has it, and
 * goes out when there is a connection.
 *
 * Guarantees: the messages of a room are sent in the order in which they were written, one at a time, each with a
 * `client_id` of its own, so that whatever is retried is stored once; what the server refuses is `failed` and stands in
 * nobody's way; everything else is tried again.
 */
import type { Link } from '../connection.ts'
import type { Message } from '../contract.gen.ts'
import { ConfabError } from '../errors.ts'
import type { HttpClient } from '../http.ts'
import type { Model } from '../model.ts'
import type { ImageSize, OutboxEntry } from '../state.ts'
import { Alarm, backoffMs } from '../timers.ts'
import { changeSend, dropSend, putSend } from './reducers.ts'
import type { OutboxStore, StoredSend } from './store.ts'

/** What is to be sent: a text, an image, or both; and how large the image is, so that its place can be kept at once. */
export type Draft = Readonly<{ content?: string; image?: Blob; imageSize?: ImageSize }>

/** What other tabs have to know of this one's outbox. */
export type OutboxNews = Readonly<{ put: OutboxEntry }> | Readonly<{ drop: string }>

export type OutboxOptions = Readonly<{
  model: Model
  http: HttpClient
  store: OutboxStore
  link: () => Link | undefined
  /** Whether it is this tab that sends. */
  isSender: () => boolean
  share(news: OutboxNews): void
}>

/** A frame of the gateway holds so many characters of text for certain, however they are encoded; longer ones go by REST. */
const MAX_FRAME_CHARS = 5_000

export class Outbox {
  readonly #options: OutboxOptions
  /** By room: what was begun and not answered yet, or the wait until it is tried again. */
  readonly #busy = new Map<number, { clientId: string; abort: AbortController }>()
  readonly #pauses = new Map<number, { alarm: Alarm; failures: number }>()
  #unsubscribe = () => {}

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  start(): void {
    this.stop()
    const { store } = this.#options.model
    const stopPumping = store.subscribe(() => this.#pump())
    const stopWaking = store.select(
      ({ status }) => status,
      () => this.#endPauses(),
    )
    this.#unsubscribe = () => {
      stopPumping()
      stopWaking()
    }
    this.#pump()
  }

  stop(): void {
    this.#unsubscribe()
    for (const { abort } of this.#busy.values()) abort.abort()
    this.#busy.clear()
    this.#endPauses()
    this.#requeue()
  }

  /** Takes over what an earlier run, or another tab, did not get sent. */
  async restore(): Promise<void> {
    const { model, store } = this.#options
    this.#requeue()
    const owner = this.#owner
    const sends = await store.load(owner).catch((): StoredSend[] => [])
    if (owner !== this.#owner) return
    for (const send of sends) {
      if (model.state.outbox.some(({ clientId }) => clientId === send.clientId)) continue
      model.store.update((state) => putSend(state, toEntry(send)))
    }
  }

  /**
   * Sends a message. It is in the model at once; what becomes of it is its status there.
   *
   * @returns the `client_id` by which it can be found, retried and discarded
   */
  send(room: number, { content = '', image, imageSize }: Draft): string {
    const clientId = crypto.randomUUID()
    const createdAt = new Date().toISOString()
    const send = {
      clientId,
      room,
      content: content.trim(),
      image,
      imageSize,
      createdAt,
      order: this.#nextOrder(),
      error: undefined,
    }
    this.#put(toEntry(send))
    return clientId
  }

  /** Sends a failed message once more, behind everything that waits. */
  retry(clientId: string): void {
    const entry = this.#find(clientId)
    if (entry?.status !== 'failed') return
    this.#put({ ...entry, status: 'queued', error: undefined, order: this.#nextOrder() })
  }

  /** Forgets a message. One that is on its way may arrive all the same. */
  discard(clientId: string): void {
    const entry = this.#find(clientId)
    if (!entry) return
    this.receive({ drop: clientId })
    this.#options.share({ drop: clientId })
    this.#forget(clientId)
  }

  /** What another tab did. */
  receive(news: OutboxNews): void {
    const { model } = this.#options
    if ('put' in news) {
      model.store.update((state) => putSend(state, news.put))
      return
    }
    const entry = this.#find(news.drop)
    model.store.update((state) => dropSend(state, news.drop))
    const busy = entry && this.#busy.get(entry.room)
    if (busy?.clientId === news.drop) busy.abort.abort()
  }

  /** What waited here, and was not known yet to the tab whose state was taken over. */
  tellAgain(before: readonly OutboxEntry[]): void {
    for (const entry of before) {
      const isNews = entry.order > (this.#find(entry.clientId)?.order ?? 0)
      if (entry.status === 'queued' && isNews) this.#put(entry)
    }
  }

  /** What the server told of is kept no longer: whether it answers, too, is not certain. */
  forgetSettled(before: readonly OutboxEntry[]): void {
    if (before === this.#options.model.state.outbox) return
    for (const { clientId } of before) if (!this.#find(clientId)) this.#forget(clientId)
  }

  /** Forgets everything that was not sent, on the device too. */
  async clear(): Promise<void> {
    await this.#options.store.clear(this.#owner)
  }

  /** What was on its way and is not any more waits again; whether it arrived will be told. */
  #requeue(): void {
    for (const entry of this.#options.model.state.outbox) {
      const isBusy = this.#busy.get(entry.room)?.clientId === entry.clientId
      if (entry.status === 'sending' && !isBusy) this.#changeHere(entry, { status: 'queued', progress: 0 })
    }
  }

  /** A connection that is back, or gone, is no reason to wait any longer. */
  #endPauses(): void {
    for (const { alarm } of this.#pauses.values()) alarm.clear()
    this.#pauses.clear()
  }

  get #owner(): string {
    const { http, model } = this.#options
    return `${http.url} ${model.me}`
  }

  #find(clientId: string): OutboxEntry | undefined {
    return this.#options.model.state.outbox.find((entry) => entry.clientId === clientId)
  }

  #nextOrder(): number {
    const last = this.#options.model.state.outbox.at(-1)?.order ?? 0
    return Math.max(last + 1, Date.now())
  }

  #put(entry: OutboxEntry): void {
    this.#options.model.store.update((state) => putSend(state, entry))
    this.#options.share({ put: entry })
    this.#keep(entry)
  }

  /** A device that cannot keep it (a full disk, a private window) sends it all the same. */
  #keep({ clientId, room, content, image, imageSize, createdAt, order, error }: OutboxEntry): Promise<void> {
    const send = { clientId, room, content, image, imageSize, createdAt, order, error }
    return this.#options.store.put(this.#owner, send).catch(() => {})
  }

  #forget(clientId: string): void {
    this.#options.store.remove(this.#owner, clientId).catch(() => {})
  }

  /** Begins what can begin: of each room the first that waits. */
  #pump(): void {
    const { model, isSender } = this.#options
    if (!isSender() || model.state.status !== 'live') return
    for (const entry of model.state.outbox) {
      if (entry.status !== 'queued' || this.#busy.has(entry.room) || this.#pauses.get(entry.room)?.alarm.isSet) continue
      const abort = new AbortController()
      this.#busy.set(entry.room, { clientId: entry.clientId, abort })
      this.#deliver(entry, abort.signal).finally(() => {
        if (this.#busy.get(entry.room)?.abort !== abort) return
        this.#busy.delete(entry.room)
        this.#pump()
      })
    }
  }

  async #deliver(entry: OutboxEntry, signal: AbortSignal): Promise<void> {
    this.#change(entry, { status: 'sending', progress: 0 })
    try {
      await this.#keep(entry)
      const message = await this.#transmit(entry, signal)
      this.#pauses.delete(entry.room)
      this.#forget(entry.clientId)
      this.#confirm(entry, message)
    } catch (error) {
      if (!signal.aborted) this.#fail(entry, error)
    }
  }

  async #transmit(entry: OutboxEntry, signal: AbortSignal): Promise<Message> {
    const { http, link, model } = this.#options
    const { room, content, clientId, image } = entry
    const way = link()
    if (way && model.state.status === 'live' && !image && content.length <= MAX_FRAME_CHARS) {
      return (await way.command('message.send', { room, content, client_id: clientId })).message
    }
    return http.call('sendMessage', {
      params: { room },
      body: { content, client_id: clientId, ...(image ? { image } : {}) },
      signal,
      ...(image ? { onProgress: (progress) => this.#changeHere(entry, { progress }) } : {}),
    })
  }

  /** Stored: it leaves the outbox with its event, which may have come before the answer. */
  #confirm(entry: OutboxEntry, message: Message): void {
    const { rooms, windows } = this.#options.model.state
    const isTold =
      message.no <= (rooms.byId[entry.room]?.last_no ?? 0) ||
      windows[entry.room]?.messages.some(({ id }) => id === message.id)
    if (!isTold) {
      this.#change(entry, { status: 'sent', progress: 1 })
      return
    }
    this.receive({ drop: entry.clientId })
    this.#options.share({ drop: entry.clientId })
  }

  #fail(entry: OutboxEntry, error: unknown): void {
    const failure = error instanceof ConfabError ? error : new ConfabError({ code: 'unknown', message: String(error) })
    if (failure.isRetryable || failure.status === 401) {
      this.#change(entry, { status: 'queued', progress: 0 })
      this.#pause(entry.room, failure.retryAfterMs)
      return
    }
    const { code, message } = failure
    const failed = this.#change(entry, { status: 'failed', error: { code, message } })
    if (failed) this.#keep(failed)
  }

  #pause(room: number, retryAfterMs: number | undefined): void {
    const pause = this.#pauses.get(room) ?? { alarm: new Alarm(), failures: 0 }
    this.#pauses.set(room, { ...pause, failures: pause.failures + 1 })
    pause.alarm.set(retryAfterMs ?? backoffMs(pause.failures, true), () => this.#pump())
  }

  #change(entry: OutboxEntry, changed: Partial<OutboxEntry>): OutboxEntry | undefined {
    const next = this.#changeHere(entry, changed)
    if (next) this.#options.share({ put: next })
    return next
  }

  #changeHere({ clientId }: OutboxEntry, changed: Partial<OutboxEntry>): OutboxEntry | undefined {
    this.#options.model.store.update((state) => changeSend(state, clientId, changed))
    return this.#find(clientId)
  }
}

function toEntry(send: StoredSend): OutboxEntry {
  return { ...send, status: send.error ? 'failed' : 'queued', progress: 0 }
}
