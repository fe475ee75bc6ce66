/**
 * The door for sockets: finds the route, lets its session prepare, upgrades, and counts who is in.
 *
 * Guarantees: whoever is refused by a guarded route gets an HTTP status and never a socket; a socket is counted from the
 * moment it is known whose it is until it closes; when a login session ends its sockets are closed, also one that was in
 * the middle of its handshake.
 * On failure: an error of a session closes that socket alone.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { CloseReason } from '@confab/contract/close-codes'
import type { Logger } from 'pino'
import { WebSocketServer } from 'ws'
import { ChatError } from '../chat-error.ts'
import type { Actor } from '../ctx.ts'
import type { Address } from '../lib/address.ts'
import { isHost } from '../lib/host.ts'
import { Connection, type ConnectionOwner, type ConnectionSession } from './connection.ts'

/** What a guarded route knows of a socket that wants to open. */
export type Handshake = Readonly<{ actor: Actor; params: readonly string[]; baseUrl: string }>

/** What an open route knows: whoever it is will say so on the socket, or has offered a token already. */
export type OpenHandshake = Readonly<{ token: string | undefined; baseUrl: string; ip: string }>

/** Lets a session of an open route say whose socket it is, once it knows. */
export type Admit = (actor: Actor) => 'admitted' | 'too_many_sockets' | 'session_ended'

/** The other half of a socket: it is fed what the client sends, and sends to the connection it is given. */
export interface SocketSession extends ConnectionSession {
  /** The socket is open; what had to wait can be sent. Where it never opens, `onClose` alone is called. */
  onOpen(connection: Connection, admit: Admit): void
}

/** A path and what serves it. Patterns are matched against the path without a slash at its end; groups are the params. */
export type SocketRoute =
  | Readonly<{
      kind: 'guarded'
      pattern: RegExp
      /** Prepares a session before the upgrade. @throws ChatError where this person may not have this socket: 403 */
      open(handshake: Handshake): Promise<SocketSession>
    }>
  | Readonly<{ kind: 'open'; pattern: RegExp; open(handshake: OpenHandshake): SocketSession }>

export type SocketServerOptions = Readonly<{
  routes: readonly SocketRoute[]
  log: Logger
  /** Of all servers together. */
  maxSocketsPerUser: number
  /** How many sockets somebody has on other servers, and of these on those that come before this one in some order. */
  socketsElsewhere(userId: number): Readonly<{ all: number; before: number }>
  /** Frames that a client may send on a socket in a second over time; 0 is as many as it likes. */
  framesPerSecond: number
  /** Whose token this is, which came from an IP address. @throws ChatError where it is not valid, or throttled */
  authenticate(token: string, ip: string): Actor | Promise<Actor>
  /** How a socket was asked for, as HTTP reads it. */
  addressOf(request: IncomingMessage): Address
  /** Where it was asked for from, as HTTP reads it. */
  ipOf(request: IncomingMessage): string
  isAllowedOrigin(origin: string, address: Address): boolean
  baseUrlOf(address: Address): string
  onArrive(userId: number): void
  onLeave(userId: number): void
}>

/** Larger frames end the socket with 1009. */
export const MAX_FRAME_BYTES = 64 * 1024

/** The subprotocol of the gateway, and how a token is offered beside it. */
const PROTOCOL = 'confab.v1'
const BEARER = 'bearer.'

/** When to come back for whoever has too many sockets. */
export const TOO_MANY_WAIT_MS = 5_000

/** Sockets of which nobody knows yet whose they are. */
const MAX_STRANGERS = 2_000

/** Clients are told to come back after a random part of this, so that not all come at once. */
const DRAIN_SPREAD_MS = 3_000

/** How long closing waits for clients to answer. */
const CLOSE_WAIT_MS = 1_500

export class SocketServer implements ConnectionOwner {
  readonly #options: SocketServerOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  /** Undefined while it is not known whose a socket is. */
  readonly #open = new Map<Connection, Actor | undefined>()
  readonly #socketsOf = new Map<number, number>()
  readonly #ended = new Set<number>()
  #strangers = 0
  /** How often sockets were closed from here, by reason. */
  readonly closes = new Map<CloseReason, number>()
  #dropped = 0
  #isClosing = false
  #onEmpty: (() => void) | undefined

  constructor(options: SocketServerOptions) {
    this.#options = options
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#open.size
  }

  /** How many ephemeral frames were dropped, because their clients lagged behind. */
  get dropped(): number {
    return this.#dropped
  }

  get framesPerSecond(): number {
    return this.#options.framesPerSecond
  }

  /** The login sessions that have a socket open. */
  listSessionIds(): number[] {
    return [...new Set([...this.#open.values()].flatMap((actor) => actor?.sessionId ?? []))]
  }

  /** The handler of the HTTP server's `upgrade` event. */
  readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    this.#shake(request, socket, head).catch((error) => refuse(socket, this.#statusOf(error)))
  }

  /** Closes the sockets of login sessions that have ended. */
  endSessions(sessionIds: readonly number[]): void {
    const ended = new Set(sessionIds)
    for (const [connection, actor] of this.#open) {
      if (actor && ended.has(actor.sessionId)) connection.close('session_ended')
    }
    for (const id of ended) this.#ended.add(id)
    // Long enough for every handshake that was under way; later ones are refused by their token.
    setTimeout(() => {
      for (const id of ended) this.#ended.delete(id)
    }, 60_000).unref()
  }

  /**
   * Closes the newest sockets here of people who have too many together with what they have elsewhere: servers that let some
   * in at the same moment did not know of each other's. Those of the servers that come first stay, so that not all close theirs.
   *
   * @param people of whom it was just told what they have elsewhere
   */
  shed(people: readonly number[]): void {
    const allowed = new Map<number, number>()
    for (const userId of people) {
      const open = this.#socketsOf.get(userId)
      if (open === undefined) continue
      const most = Math.max(0, this.#options.maxSocketsPerUser - this.#options.socketsElsewhere(userId).before)
      if (open > most) allowed.set(userId, most)
    }
    if (allowed.size === 0) return
    for (const [connection, actor] of this.#open) {
      const left = actor && allowed.get(actor.id)
      // One that is closing already is no loss, and no reason to close another.
      if (!actor || left === undefined || !connection.isOpen) continue
      if (left === 0) connection.close('too_many_sockets', TOO_MANY_WAIT_MS)
      else allowed.set(actor.id, left - 1)
    }
  }

  /** Refuses new sockets and closes the open ones, telling them when to come back. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#open.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    for (const connection of this.#open.keys()) connection.close('server_draining', Math.random() * DRAIN_SPREAD_MS)
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())
    await Promise.race([empty, timeout])
  }

  async #shake(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { origin } = request.headers
    const address = this.#options.addressOf(request)
    if (!isHost(address.host)) return refuse(socket, 400)
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    if (!url) return refuse(socket, 404)
    const path = url.pathname.replace(/\/$/, '')
    const route = this.#options.routes.find((candidate) => candidate.pattern.test(path))
    if (!route) return refuse(socket, 404)
    if (this.#isClosing) return refuse(socket, 503)
    if (origin !== undefined && !this.#options.isAllowedOrigin(origin, address)) return refuse(socket, 403)
    const baseUrl = this.#options.baseUrlOf(address)
    const ip = this.#options.ipOf(request)
    const token = url.searchParams.get('token') || undefined
    if (route.kind === 'open') {
      if (this.#strangers >= MAX_STRANGERS) return refuse(socket, 503)
      const session = route.open({ token: token ?? tokenInProtocols(request), baseUrl, ip })
      return this.#upgrade(request, socket, head, { session, actor: undefined })
    }
    if (!token) return refuse(socket, 403)
    const actor = await this.#options.authenticate(token, ip)
    if (this.#isFull(actor)) return refuse(socket, 429)
    const params = route.pattern.exec(path)?.slice(1) ?? []
    const session = await route.open({ actor, params, baseUrl })
    this.#upgrade(request, socket, head, { session, actor })
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { actor, session }: { actor: Actor | undefined; session: SocketSession },
  ): void {
    const status = this.#refusalOf(actor)
    if (socket.destroyed || status !== undefined) {
      session.onClose()
      refuse(socket, status ?? 403)
      return
    }
    let isOpen = false
    const abandon = () => {
      if (!isOpen) session.onClose()
    }
    socket.once('close', abandon)
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      isOpen = true
      socket.off('close', abandon)
      const connection = new Connection(webSocket, session, this)
      this.#open.set(connection, undefined)
      this.#strangers += 1
      if (actor) this.#admit(connection, actor)
      session.onOpen(connection, (known) => this.#admit(connection, known))
    })
  }

  /** With which status a handshake ends that went on for a while: much can have changed since it was let in. */
  #refusalOf(actor: Actor | undefined): number | undefined {
    if (this.#isClosing) return 503
    if (!actor) return undefined
    if (this.#ended.has(actor.sessionId)) return 403
    return this.#isFull(actor) ? 429 : undefined
  }

  #admit(connection: Connection, actor: Actor): ReturnType<Admit> {
    if (this.#ended.has(actor.sessionId)) return 'session_ended'
    if (this.#isFull(actor)) return 'too_many_sockets'
    if (!this.#open.has(connection) || this.#open.get(connection)) return 'admitted'
    this.#strangers -= 1
    this.#open.set(connection, actor)
    this.#socketsOf.set(actor.id, (this.#socketsOf.get(actor.id) ?? 0) + 1)
    this.#options.onArrive(actor.id)
    return 'admitted'
  }

  #isFull({ id }: Actor): boolean {
    const open = (this.#socketsOf.get(id) ?? 0) + this.#options.socketsElsewhere(id).all
    return open >= this.#options.maxSocketsPerUser
  }

  onClosing(reason: CloseReason): void {
    this.closes.set(reason, (this.closes.get(reason) ?? 0) + 1)
  }

  onDropped(): void {
    this.#dropped += 1
  }

  onClosed(connection: Connection): void {
    const actor = this.#open.get(connection)
    this.#open.delete(connection)
    if (actor) this.#countOut(actor)
    else this.#strangers -= 1
    if (this.#open.size === 0) this.#onEmpty?.()
  }

  #countOut(actor: Actor): void {
    const left = (this.#socketsOf.get(actor.id) ?? 1) - 1
    if (left > 0) this.#socketsOf.set(actor.id, left)
    else this.#socketsOf.delete(actor.id)
    this.#options.onLeave(actor.id)
  }

  #statusOf(error: unknown): number {
    if (error instanceof ChatError) return error.status === 503 || error.status === 429 ? error.status : 403
    this.#options.log.error({ err: error }, 'a handshake failed')
    return 503
  }
}

/** A browser can set no header on a socket, but offer protocols: the token is one of them, and never in a log. */
function tokenInProtocols(request: IncomingMessage): string | undefined {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((one) => one.trim()) ?? []
  return offered.find((one) => one.startsWith(BEARER))?.slice(BEARER.length)
}

function refuse(socket: Duplex, status: number): void {
  if (socket.destroyed) return
  const retry = status === 503 || status === 429 ? 'Retry-After: 1\r\n' : ''
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`)
}
