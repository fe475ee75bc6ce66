/** Everything together: the API, the connection, the model and the outbox of one person on one server. */
import { type Api, createApi } from './api.ts'
import { Cache } from './cache/cache.ts'
import type { ModelCache } from './cache/store.ts'
import { Connection, type Link, type LinkEvents } from './connection.ts'
import type { EventMap, Operations, SignalMap, Tokens } from './contract.gen.ts'
import { Emitter } from './emitter.ts'
import { createEnvironment, type Environment } from './environment.ts'
import type { Frame } from './frames.ts'
import { HttpClient, type HttpOptions } from './http.ts'
import { MessagesApi } from './messages/api.ts'
import { Model } from './model.ts'
import { NotificationsApi } from './notifications/api.ts'
import { IndexedDbOutbox } from './outbox/indexed-db.ts'
import { type Draft, Outbox, type OutboxNews } from './outbox/outbox.ts'
import { MemoryOutbox, type OutboxStore } from './outbox/store.ts'
import { PeopleApi } from './people/api.ts'
import type { Position } from './positions.ts'
import { PresenceWatch } from './presence/watch.ts'
import { RoomsApi } from './rooms/api.ts'
import { expireMutes } from './rooms/reducers.ts'
import { SharedLink } from './shared-link.ts'
import type { WebSocketClass } from './socket.ts'
import type { State, Status } from './state.ts'
import type { Store } from './store.ts'
import { LocalStorageTokens, MemoryTokens, readClaims } from './tokens.ts'
import { TypingApi } from './typing/api.ts'
import { expireTypists } from './typing/reducers.ts'
import { type Chore, one, Upkeep } from './upkeep.ts'

/** Where the server is, and what a client of it is made with; only `url` has to be given. */
export type ClientOptions = HttpOptions &
  Readonly<{
    /** Where unsent messages are kept: IndexedDB in browsers, the memory elsewhere, unless it is another. */
    outbox?: OutboxStore
    /** Where the model is kept, so that it can be read before there is a connection; nowhere unless it is given. */
    cache?: ModelCache
    /** Whether tabs of one person share one socket: in browsers that can they do. */
    shareTabs?: boolean
    /** Opens sockets: the one of the platform unless it is another. */
    WebSocket?: WebSocketClass
    /** What is learnt of the device: whether it is online, and whether the page is seen. */
    environment?: Environment
  }>

/** What one may listen to: every event and signal of the server by its name, and what becomes of the client itself. */
export type ClientEvents = EventMap &
  SignalMap & {
    /** The connection is doing otherwise. */
    status: Status
    /** The login is over: by `logout` or `deleteAccount` of this client, or, as `ended`, by anything else. */
    logged_out: 'logout' | 'ended'
  }

/** What the followers of a tab that leads begin with. */
type Snapshot = Known & Readonly<{ serverNow: number }>
type Known = Pick<State, 'isReady' | 'me' | 'limits' | 'rooms' | 'presence' | 'notifications' | 'people' | 'outbox'>

/** Typists and mutes whose time is over are looked for this often. */
const EXPIRY_CHECK_MS = 1_000

const isBrowser = typeof document !== 'undefined'

/**
 * One person on one server: what they know, kept up to date, and what they can do. Made by `createClient`; it does nothing
 * until it is started or logs in.
 */
export class ChatClient {
  /** Makes calls by their names, and keeps the tokens. */
  readonly http: HttpClient
  /** Every call of the API as a function: `api.messages.editMessage(…)`. */
  readonly api: Api
  /** More of the list of rooms, and rooms with their members. */
  readonly rooms: RoomsApi
  /** The messages of rooms that are looked at. */
  readonly messages: MessagesApi
  /** The list of notifications. */
  readonly notifications: NotificationsApi
  /** Friends, requests and blocks. */
  readonly people: PeopleApi
  /** Tells others that one is typing. */
  readonly typing: TypingApi
  readonly #model = new Model()
  readonly #options: ClientOptions
  readonly #environment: Environment
  readonly #events = new Emitter<ClientEvents>()
  readonly #outbox: Outbox
  readonly #cache: Cache | undefined
  readonly #upkeep: Upkeep
  #link: (Link & { isLeader?: boolean; share?(news: OutboxNews): void }) | undefined
  readonly #presence: PresenceWatch
  /** Counts stops, so that a start that one of them met is given up. */
  #run = 0
  /** Whether the end of the login is one's own wish. */
  #isLeaving = false
  #ticker: ReturnType<typeof setInterval> | undefined

  constructor(options: ClientOptions) {
    this.#options = options
    this.#environment = options.environment ?? createEnvironment()
    this.http = new HttpClient({ tokens: isBrowser ? new LocalStorageTokens() : new MemoryTokens(), ...options })
    this.api = createApi(this.http)
    this.rooms = new RoomsApi(this.http, this.#model)
    this.messages = new MessagesApi(this.http, this.#model)
    this.notifications = new NotificationsApi(this.http, this.#model)
    this.people = new PeopleApi(this.http, this.#model)
    this.typing = new TypingApi(this.#model, () => this.#link)
    this.#outbox = new Outbox({
      model: this.#model,
      http: this.http,
      store: options.outbox ?? (typeof indexedDB === 'undefined' ? new MemoryOutbox() : new IndexedDbOutbox()),
      link: () => this.#link,
      isSender: () => this.#link?.isLeader !== false,
      share: (news) => this.#link?.share?.(news),
    })
    this.#cache =
      options.cache &&
      new Cache({ model: this.#model, url: this.http.url, store: options.cache, environment: this.#environment })
    this.#presence = new PresenceWatch(this.#model, () => this.#link)
    this.#upkeep = new Upkeep(this.#model.store, this.#chores())
    this.http.onTokens((tokens) => {
      if (!tokens && this.#model.me !== 0) this.#end()
    })
  }

  /** What is known, and a way to hear of changes. */
  get store(): Store<State> {
    return this.#model.store
  }

  /** What is known now. It is never changed in place. */
  get state(): State {
    return this.#model.state
  }

  /** The server's time, in ms since 1970: what is old by the times that it gives. The device's clock may be wrong. */
  get serverNow(): number {
    return this.#model.serverNow
  }

  /**
   * Listens to an event or signal of the server, once it is in the model. Events that were missed come, too, before the
   * status is `live` again. Answers how to stop listening.
   */
  on<Name extends keyof ClientEvents>(name: Name, listener: (data: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /** Logs in and connects. @throws ConfabError login_failed, throttled */
  async login(who: Operations['login']['input']['body']): Promise<void> {
    const { tokens } = await this.http.call('login', { body: who })
    await this.http.setTokens(tokens)
    await this.start()
  }

  /** Opens an account, logs in and connects. @throws ConfabError with the fields that are wrong */
  async register(who: Operations['register']['input']['body']): Promise<void> {
    const { tokens } = await this.http.call('register', { body: who })
    await this.http.setTokens(tokens)
    await this.start()
  }

  /** Connects as whoever is logged in. Answers whether somebody is. */
  async start(): Promise<boolean> {
    const tokens = await this.http.tokens()
    const me = tokens && readClaims(tokens.access)?.user_id
    if (!me) return false
    if (this.#model.me === me && this.#link) return true
    this.stop()
    const run = this.#run
    if (this.#model.me !== me) this.#model.reset(me)
    await this.#outbox.restore()
    // Stopped meanwhile, or started once more, which goes on in its place.
    if (run !== this.#run) return this.#model.me !== 0
    const link = this.#makeLink(me)
    this.#link = link
    this.#cache?.start()
    this.#outbox.start()
    this.#upkeep.start()
    this.#ticker = setInterval(() => this.#expire(Date.now()), EXPIRY_CHECK_MS)
    link.start()
    return true
  }

  /** Resolves once the first state of the server is here. */
  async ready(): Promise<State> {
    await this.store.when((state) => state.isReady && state.status === 'live')
    return this.state
  }

  /** Disconnects. What is known stays, and what is in the outbox is sent after the next start. */
  stop(): void {
    this.#run += 1
    this.#cache?.stop()
    this.#upkeep.stop()
    this.#outbox.stop()
    clearInterval(this.#ticker)
    const link = this.#link
    this.#link = undefined
    link?.stop()
    this.store.update((state) => ({ ...state, status: 'stopped' }))
  }

  /** Ends the login, here at once, and forgets what was not sent; done when the server knows, or cannot be told. */
  async logout(): Promise<void> {
    const tokens = await this.http.tokens()
    const told = tokens && this.#tellLogout(tokens)
    await this.#leaveBy()
    await told
  }

  /**
   * Deletes the account for good, and ends the login. Without the right password nothing happens.
   *
   * @throws ConfabError; `fields.current_password` says that it is wrong
   */
  async deleteAccount(currentPassword: string): Promise<void> {
    await this.#leaveBy(() => this.http.call('deleteAccount', { body: { current_password: currentPassword } }))
  }

  /**
   * Sends a message. It is in `state.outbox` at once; what becomes of it is its status there. It never throws.
   *
   * @param draft a text, or a text, an image, or both
   * @returns the `client_id` by which it can be found, retried and discarded
   */
  send(room: number, draft: Draft | string): string {
    return this.#outbox.send(room, typeof draft === 'string' ? { content: draft } : draft)
  }

  /** Sends a failed message once more. */
  retry(clientId: string): void {
    this.#outbox.retry(clientId)
  }

  /** Gives up a message that is not sent. */
  discard(clientId: string): void {
    this.#outbox.discard(clientId)
  }

  /** Marks a room as read, up to a message or whole. @throws ConfabError */
  async markRead(room: number, messageId?: number): Promise<void> {
    const data = { room, ...(messageId === undefined ? {} : { message_id: messageId }) }
    if (this.state.status === 'live' && this.#link) await this.#link.command('room.read', data)
    else if (messageId === undefined) await this.http.call('markRoomRead', { params: { room } })
    else await this.http.call('markMessageRead', { params: { room, id: messageId } })
  }

  #makeLink(me: number) {
    const events: LinkEvents = {
      onFrame: (frame) => this.#onFrame(frame),
      onStatus: (status) => this.#onStatus(status),
    }
    const { WebSocket = globalThis.WebSocket, shareTabs = canShare() } = this.#options
    const connect = (to: LinkEvents, resume?: Position) => {
      const { environment, credentials } = { environment: this.#environment, credentials: this.http }
      return new Connection({ url: this.http.url, credentials, environment, WebSocket, resume }, to)
    }
    if (!shareTabs) return connect(events)
    return new SharedLink<Snapshot, OutboxNews>(
      {
        name: `confab ${this.http.url} ${me}`,
        connect,
        takeSnapshot: () => this.#takeSnapshot(),
        onSnapshot: ({ serverNow, ...known }) => {
          const { outbox } = this.state
          this.#model.setServerNow(serverNow)
          this.#model.replace((state) => ({ ...state, ...known, windows: {}, details: {}, receipts: {} }))
          this.#outbox.tellAgain(outbox)
        },
        onLead: () => void this.#outbox.restore(),
        onNews: (news) => this.#outbox.receive(news),
      },
      events,
    )
  }

  #takeSnapshot(): Snapshot {
    const { isReady, me, limits, rooms, presence, notifications, people, outbox } = this.state
    return { isReady, me, limits, rooms, presence, notifications, people, outbox, serverNow: this.serverNow }
  }

  #onFrame(frame: Frame): void {
    const { outbox } = this.state
    this.#model.apply(frame)
    this.#outbox.forgetSettled(outbox)
    if ('data' in frame) Reflect.apply(this.#events.emit, this.#events, [frame.type, frame.data])
  }

  #expire(now: number): void {
    this.store.update((state) => expireMutes(expireTypists(state, now), now))
  }

  #onStatus(status: Status): void {
    this.store.update((state) => ({ ...state, status }))
    if (status !== 'live') this.#presence.forget()
    this.#events.emit('status', status)
    if (status === 'logged_out') void this.http.setTokens(undefined)
  }

  /** The server may end the login before it answers what ended it. */
  async #leaveBy(work?: () => Promise<unknown>): Promise<void> {
    this.#isLeaving = true
    try {
      await work?.()
      await this.http.setTokens(undefined)
    } finally {
      this.#isLeaving = false
    }
  }

  /** By a client of its own, since this one has no tokens any more. A session that it cannot end now ends by itself. */
  async #tellLogout(tokens: Tokens): Promise<void> {
    const http = new HttpClient({ ...this.#options, tokens: new MemoryTokens(tokens) })
    await http.call('logout', { body: { refresh_token: tokens.refresh }, keepalive: true }).catch(() => {})
  }

  /** Nobody is logged in any more: nothing of them stays. */
  #end(): void {
    void this.#cache?.clear()
    if (this.#isLeaving) this.#outbox.clear().catch(() => {})
    this.stop()
    this.#model.reset(0)
    this.#events.emit('logged_out', this.#isLeaving ? 'logout' : 'ended')
  }

  #chores(): Chore[] {
    return [
      { listDue: () => this.messages.listDue(), run: (room) => this.messages.loadNewest(room), gatherMs: 0 },
      { listDue: one(({ rooms }) => rooms.isStale), run: () => this.rooms.refresh(), gatherMs: 100 },
      { listDue: one((state) => this.#presence.isDue(state)), run: () => this.#presence.watch(), gatherMs: 100 },
      {
        listDue: one((state) => this.notifications.isDue(state)),
        run: () => this.notifications.load(),
        gatherMs: 100,
      },
      {
        listDue: one((state) => this.people.isDue(state)),
        run: () => this.people.load(),
        gatherMs: 100,
      },
    ]
  }
}

/** Makes a client. It does nothing until it is started or logs in. */
export function createClient(options: ClientOptions): ChatClient {
  return new ChatClient(options)
}

function canShare(): boolean {
  return isBrowser && typeof BroadcastChannel === 'function' && 'locks' in navigator
}
