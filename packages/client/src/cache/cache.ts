/**
 * Keeps the model between runs, so that it can be read without a connection.
 *
 * Guarantees: what was kept is shown only while the server has told nothing yet, and only when it takes a while; no event
 * is ever applied to it, since a connection that begins without a position is told everything anew (`ready`), which
 * takes its place. What is written was told by the server in this run.
 * On failure: a device that keeps nothing (a full disk, a private window) is as if there were no cache.
 */
import type { Environment } from '../environment.ts'
import type { Model } from '../model.ts'
import type { State } from '../state.ts'
import { Alarm } from '../timers.ts'
import { basePart, type CachedPart, isSameBase, isSameRoom, MAX_ROOMS, roomPart, withParts } from './parts.ts'
import type { ModelCache } from './store.ts'

export type CacheOptions = Readonly<{
  model: Model
  /** Of the server. */
  url: string
  store: ModelCache
  environment: Environment
}>

/** A server that answers within this time is waited for; otherwise what was kept is shown at once. In ms. */
const PATIENCE_MS = 1_000

/** What changes within this time is written together. In ms. */
const GATHER_MS = 2_000

export class Cache {
  readonly #options: CacheOptions
  readonly #patience = new Alarm()
  readonly #saving = new Alarm()
  /** What an earlier run kept, until it is shown or the server was faster. */
  #kept: readonly CachedPart[] | undefined
  /** When which rooms were written; they leave in this order. */
  #rooms = new Map<number, number>()
  /** The state that was written last; undefined until the server has told something. */
  #written: State | undefined
  #isLive = false
  #run = 0
  #unsubscribe = () => {}

  constructor(options: CacheOptions) {
    this.#options = options
  }

  /** Begins to keep, and to show what was kept. Called when the model is somebody's, before the connection starts. */
  start(): void {
    this.stop()
    const { model, store, environment } = this.#options
    const run = this.#run
    const stopLooking = model.store.subscribe(() => this.#look())
    const stopHiding = environment.onHide?.(() => this.#save()) ?? (() => {})
    this.#unsubscribe = () => {
      stopLooking()
      stopHiding()
    }
    this.#patience.set(PATIENCE_MS, () => this.#look())
    store.load(this.#owner).then(
      (parts) => {
        if (run !== this.#run) return
        for (const one of parts) if (one.part !== 'base') this.#rooms.set(one.room, one.savedAt)
        this.#kept = parts
        this.#look()
      },
      () => {},
    )
  }

  /** Writes what is not written yet, and keeps nothing further. */
  stop(): void {
    this.#save()
    this.#halt()
  }

  /** Forgets everything of the person, on the device too. */
  clear(): Promise<void> {
    this.#halt()
    return this.#options.store.clear(this.#owner).catch(() => {})
  }

  get #owner(): string {
    return `${this.#options.url} ${this.#options.model.me}`
  }

  #halt(): void {
    this.#run += 1
    this.#unsubscribe()
    this.#patience.clear()
    this.#saving.clear()
    this.#kept = undefined
    this.#written = undefined
    this.#isLive = false
    this.#rooms = new Map()
  }

  #look(): void {
    const { status, isReady } = this.#options.model.state
    if (status === 'live' && isReady) this.#isLive = true
    if (this.#isLive) {
      this.#kept = undefined
      if (!this.#saving.isSet) this.#saving.set(GATHER_MS, () => this.#save())
    } else if (this.#kept && !isReady && (status === 'waiting' || !this.#patience.isSet)) this.#show(this.#kept)
  }

  #show(parts: readonly CachedPart[]): void {
    this.#kept = undefined
    this.#options.model.store.update((state) => withParts(state, parts))
  }

  #save(): void {
    this.#saving.clear()
    const { model, store } = this.#options
    const { state } = model
    if (!this.#isLive || state === this.#written) return
    const { parts, gone } = this.#changes(state)
    this.#written = state
    if (parts.length + gone.length > 0) store.save(this.#owner, parts, gone).catch(() => {})
  }

  /** What is another than what was written, and which rooms are not to be kept any more. */
  #changes(state: State): { parts: CachedPart[]; gone: CachedPart['part'][] } {
    const written = this.#written
    const parts: CachedPart[] = written && isSameBase(written, state) ? [] : [basePart(state)]
    for (const room of Object.keys(state.windows).map(Number)) {
      const part = written && isSameRoom(written, state, room) ? undefined : roomPart(state, room)
      if (!part) continue
      parts.push(part)
      this.#rooms.set(room, part.savedAt)
    }
    const gone = this.#roomsToForget(state)
    for (const room of gone) this.#rooms.delete(room)
    return {
      parts: parts.filter((one) => one.part === 'base' || !gone.includes(one.room)),
      gone: gone.map((room): CachedPart['part'] => `room:${room}`),
    }
  }

  /** Those that one is not in any more, and those looked at longest ago where there are too many. */
  #roomsToForget({ rooms }: State): number[] {
    const [here, left] = [[...this.#rooms].filter(([room]) => room in rooms.byId), [...this.#rooms.keys()]]
    const latest = here.sort(([, one], [, other]) => other - one).slice(0, MAX_ROOMS)
    const kept = new Set(latest.map(([room]) => room))
    return left.filter((room) => !kept.has(room))
  }
}
