/**
 * The door for sockets: finds the route, asks who it is, lets the route's session prepare, and only then upgrades.
 *
 * Guarantees: whoever is refused gets an HTTP status and never a socket; a socket is counted from the upgrade to its
 * close; when a login session ends its sockets are closed, also one that was in the middle of its handshake.
 * On failure: an error of a session closes that socket alone.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { WebSocketServer } from 'ws'
import { ChatError } from '../chat-error.ts'
import type { Actor } from '../ctx.ts'
import { Connection } from './connection.ts'

/** What a route knows of a socket that wants to open. */
export type Handshake = Readonly<{ actor: Actor; params: readonly string[]; baseUrl: string }>

/** The other half of a socket: it is fed what the client sends, and sends to the connection it is given. */
export interface SocketSession {
  /** The socket is open; what had to wait can be sent. */
  onOpen(connection: Connection): void
  onText(text: string): void
  onBadFrame(reason: string): void
  /** The socket is closed, or never opened; called once. */
  onClose(): void
}

/** A path and what serves it. */
export type SocketRoute = Readonly<{
  /** Matched against the path without a slash at its end; its groups are the params. */
  pattern: RegExp
  /**
   * Prepares a session before the upgrade.
   *
   * @throws ChatError where this person may not have this socket; they are answered 403
   */
  open(handshake: Handshake): Promise<SocketSession>
}>

export type SocketServerOptions = Readonly<{
  routes: readonly SocketRoute[]
  log: Logger
  maxSocketsPerUser: number
  /** @throws ChatError where the token is not valid */
  authenticate(token: string): Actor | Promise<Actor>
  isAllowedOrigin(origin: string): boolean
  baseUrlOf(request: IncomingMessage): string
  onArrive(userId: number): void
  onLeave(userId: number): void
}>

/** Larger frames end the socket with 1009. */
const MAX_FRAME_BYTES = 64 * 1024

/** How long closing waits for clients to answer. */
const CLOSE_WAIT_MS = 1_500

export class SocketServer {
  readonly #options: SocketServerOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  })
  readonly #open = new Map<Connection, Actor>()
  readonly #socketsOf = new Map<number, number>()
  readonly #ended = new Set<number>()
  #isClosing = false
  #onEmpty: (() => void) | undefined

  constructor(options: SocketServerOptions) {
    this.#options = options
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#open.size
  }

  /** The handler of the HTTP server's `upgrade` event. */
  readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    this.#shake(request, socket, head).catch((error) => refuse(socket, this.#statusOf(error)))
  }

  /** Closes the sockets of login sessions that have ended. */
  endSessions(sessionIds: readonly number[]): void {
    const ended = new Set(sessionIds)
    for (const [connection, actor] of this.#open) if (ended.has(actor.sessionId)) connection.close('session_ended')
    for (const id of ended) this.#ended.add(id)
    // Long enough for every handshake that was under way; later ones are refused by their token.
    setTimeout(() => {
      for (const id of ended) this.#ended.delete(id)
    }, 60_000).unref()
  }

  /** Refuses new sockets and closes the open ones, telling them to come back. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#open.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    for (const connection of this.#open.keys()) connection.close('going_away')
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())
    await Promise.race([empty, timeout])
  }

  async #shake(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname.replace(/\/$/, '')
    const route = this.#options.routes.find((candidate) => candidate.pattern.test(path))
    if (!route) return refuse(socket, 404)
    if (this.#isClosing) return refuse(socket, 503)
    const { origin } = request.headers
    if (origin !== undefined && !this.#options.isAllowedOrigin(origin)) return refuse(socket, 403)
    const token = url.searchParams.get('token')
    if (!token) return refuse(socket, 403)
    const actor = await this.#options.authenticate(token)
    if ((this.#socketsOf.get(actor.id) ?? 0) >= this.#options.maxSocketsPerUser) return refuse(socket, 429)
    const params = route.pattern.exec(path)?.slice(1) ?? []
    const session = await route.open({ actor, params, baseUrl: this.#options.baseUrlOf(request) })
    this.#upgrade(request, socket, head, { actor, session })
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { actor, session }: { actor: Actor; session: SocketSession },
  ): void {
    if (socket.destroyed || this.#isClosing || this.#ended.has(actor.sessionId)) {
      session.onClose()
      refuse(socket, this.#isClosing ? 503 : 403)
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
      const connection: Connection = new Connection(webSocket, {
        onText: (text) => session.onText(text),
        onBadFrame: (reason) => session.onBadFrame(reason),
        onClose: () => {
          this.#forget(connection, actor)
          session.onClose()
        },
      })
      this.#open.set(connection, actor)
      this.#socketsOf.set(actor.id, (this.#socketsOf.get(actor.id) ?? 0) + 1)
      this.#options.onArrive(actor.id)
      session.onOpen(connection)
    })
  }

  #forget(connection: Connection, actor: Actor): void {
    this.#open.delete(connection)
    const left = (this.#socketsOf.get(actor.id) ?? 1) - 1
    if (left > 0) this.#socketsOf.set(actor.id, left)
    else this.#socketsOf.delete(actor.id)
    this.#options.onLeave(actor.id)
    if (this.#open.size === 0) this.#onEmpty?.()
  }

  #statusOf(error: unknown): number {
    if (error instanceof ChatError) return error.status === 503 || error.status === 429 ? error.status : 403
    this.#options.log.error({ err: error }, 'a handshake failed')
    return 503
  }
}

function refuse(socket: Duplex, status: number): void {
  if (socket.destroyed) return
  const retry = status === 503 || status === 429 ? 'Retry-After: 1\r\n' : ''
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`)
}
