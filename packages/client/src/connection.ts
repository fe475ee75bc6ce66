/**
 * Keeps a socket of the gateway open.
 *
 * What it does: connects with a token that is still good, says where it is in the log, and tells each frame once; comes
 * back after every loss, as the close code says or with exponential backoff and full jitter; renews the token of the
 * living socket before it expires.
 * Guarantees: of each topic every event is told once and in order, or a `resync` in place of what cannot be told; after
 * a gap it reconnects and resumes rather than going on. A `ready` follows what was replayed.
 * On failure: where the login is over it stops, with the status `logged_out`; on everything else it tries again for ever.
 */
import { type CommandMap, closeCodes, type Ready } from './contract.gen.ts'
import type { Environment } from './environment.ts'
import { ConfabError } from './errors.ts'
import type { Frame } from './frames.ts'
import { type Position, Positions } from './positions.ts'
import { GatewaySocket, type WebSocketClass } from './socket.ts'
import { Alarm, backoffMs, elapsedMs } from './timers.ts'
import { readClaims } from './tokens.ts'

/**
 * `live`: what happens is told. `connecting`: a socket is starting. `waiting`: it is tried again after a while, or when
 * the network is back. `stopped`: not asked to connect. `logged_out`: the login is over.
 */
export type ConnectionStatus = 'stopped' | 'connecting' | 'live' | 'waiting' | 'logged_out'

/** What a connection tells its owner. */
export type LinkEvents = Readonly<{
  onFrame(frame: Frame): void
  onStatus(status: ConnectionStatus): void
}>

/** A way to the gateway: a socket of one's own, or one that several tabs share. */
export interface Link {
  start(): void
  stop(): void
  /** @throws ConfabError `network` while there is no connection */
  command<Name extends keyof CommandMap>(name: Name, data: CommandMap[Name]['data']): Promise<CommandMap[Name]['reply']>
}

/** Where the tokens of a connection come from. */
export type Credentials = Readonly<{
  /** A token that is good for some seconds more. @throws ConfabError 401 where nobody is logged in any more */
  accessToken(): Promise<string>
  /** A new one. */
  refresh(stale?: string): Promise<string>
}>

/** What a connection is made with. */
export type ConnectionOptions = Readonly<{
  /** Of the server, as REST has it. */
  url: string
  credentials: Credentials
  environment: Environment
  WebSocket: WebSocketClass
  /** Where it was in the log, to go on from there; without it the first `ready` is the beginning. */
  resume?: Position | undefined
}>

/** A socket that lived this long was no failure, and the next wait is short again. */
const STABLE_MS = 10_000

/** A token that is refused is renewed so many times in a row. */
const MAX_REFUSALS = 2

/** The token is renewed this long before it expires, or after four fifths of its life where it is shorter. */
const RENEW_BEFORE_MS = 60_000

/**
 * A socket of the gateway that is kept open: it comes back after every loss, resumes where it was, and tells each frame
 * once and in order, or a `resync` in place of what cannot be told.
 */
export class Connection implements Link {
  readonly #options: ConnectionOptions
  readonly #events: LinkEvents
  readonly #positions: Positions
  readonly #retry = new Alarm()
  readonly #renewal = new Alarm()
  #status: ConnectionStatus = 'stopped'
  #socket: GatewaySocket | undefined
  #token = ''
  #failures = 0
  #liveSince: number | undefined
  /** Counts starts and stops, so that what was begun for an earlier one is given up. */
  #attempt = 0
  #unsubscribe = () => {}

  constructor(options: ConnectionOptions, events: LinkEvents) {
    this.#options = options
    this.#events = events
    this.#positions = new Positions(options.resume)
  }

  /** Where it is in the log. */
  get position(): Position | undefined {
    return this.#positions.position
  }

  start(): void {
    if (this.#status !== 'stopped' && this.#status !== 'logged_out') return
    this.#unsubscribe = this.#options.environment.onWake(() => this.#wake())
    this.#failures = 0
    this.#connect()
  }

  stop(): void {
    this.#halt('stopped')
  }

  command<Name extends keyof CommandMap>(
    name: Name,
    data: CommandMap[Name]['data'],
  ): Promise<CommandMap[Name]['reply']> {
    if (this.#status === 'live' && this.#socket) return this.#socket.command(name, data)
    return Promise.reject(new ConfabError({ code: 'network', message: 'There is no connection now.' }))
  }

  #halt(status: 'stopped' | 'logged_out'): void {
    this.#attempt += 1
    this.#unsubscribe()
    this.#retry.clear()
    this.#renewal.clear()
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
    this.#setStatus(status)
  }

  #setStatus(status: ConnectionStatus): void {
    if (this.#status === status) return
    this.#status = status
    this.#events.onStatus(status)
  }

  #connect(): void {
    this.#retry.clear()
    this.#setStatus('connecting')
    const attempt = ++this.#attempt
    this.#options.credentials.accessToken().then(
      (token) => {
        if (attempt === this.#attempt) this.#open(token)
      },
      (error) => {
        if (attempt === this.#attempt) this.#failToken(error)
      },
    )
  }

  #failToken(error: unknown): void {
    if (error instanceof ConfabError && error.status === 401) this.#halt('logged_out')
    else this.#comeBackIn(this.#nextWait())
  }

  #open(token: string): void {
    this.#token = token
    this.#positions.begin()
    const { url, WebSocket } = this.#options
    const socket: GatewaySocket = new GatewaySocket(
      { url: `${url.replace(/^http/, 'ws')}/ws/`, token, resume: this.#positions.position, WebSocket },
      {
        onFrame: (frame) => {
          if (socket === this.#socket) this.#onFrame(frame)
        },
        onClose: (code, reason) => {
          if (socket === this.#socket) this.#onClose(code, reason)
        },
      },
    )
    this.#socket = socket
  }

  #onFrame(frame: Frame): void {
    const verdict = this.#positions.take(frame)
    if (verdict === 'gap') this.#reopen()
    if (verdict !== 'apply') return
    this.#events.onFrame(frame)
    if (frame.type !== 'ready') return
    this.#liveSince = elapsedMs()
    this.#renewIn(frame)
    this.#setStatus('live')
  }

  /** Something was not told: a new socket tells it. */
  #reopen(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
    this.#comeBackIn(this.#nextWait())
  }

  #onClose(code: number, reason: string): void {
    this.#socket = undefined
    this.#renewal.clear()
    const [name, advice = code >= 4500 ? 'no' : 'yes'] = closeCodes[code] ?? []
    const wait = this.#nextWait()
    const asked = advice === 'after' ? Number(reason.split(':')[1]) : Number.NaN
    if (name === 'token_expired' || name === 'not_authenticated') this.#renewAndReturn(name, wait)
    else if (advice === 'no') this.#halt('logged_out')
    else this.#comeBackIn(asked >= 0 ? asked : wait)
  }

  /** Where even new tokens are refused the login is over. */
  #renewAndReturn(name: string, wait: number): void {
    if (name === 'not_authenticated' && this.#failures > MAX_REFUSALS) {
      this.#halt('logged_out')
      return
    }
    const attempt = ++this.#attempt
    this.#setStatus('connecting')
    this.#options.credentials.refresh(this.#token).then(
      () => {
        if (attempt === this.#attempt) this.#comeBackIn(name === 'token_expired' ? 0 : wait)
      },
      (error) => {
        if (attempt === this.#attempt) this.#failToken(error)
      },
    )
  }

  #nextWait(): number {
    if (this.#liveSince !== undefined && elapsedMs() - this.#liveSince > STABLE_MS) this.#failures = 0
    this.#liveSince = undefined
    return backoffMs(this.#failures++, this.#options.environment.isVisible())
  }

  /** Where it is certain that there is no network it is not tried until that changes. */
  #comeBackIn(ms: number): void {
    this.#attempt += 1
    this.#setStatus('waiting')
    this.#retry.set(ms, () => {
      if (this.#options.environment.isOnline()) this.#connect()
    })
  }

  #wake(): void {
    if (this.#status !== 'waiting') this.#socket?.probe()
    else if (this.#options.environment.isOnline()) this.#connect()
  }

  #renewIn({ token_expires_at: expiresAt, server_time: now }: Ready): void {
    // Both times are the server's, so that a wrong clock does not matter.
    this.#renewAfter(Date.parse(expiresAt) - Date.parse(now))
  }

  #renewAfter(livesMs: number): void {
    this.#renewal.set(Math.max(livesMs - RENEW_BEFORE_MS, livesMs * 0.8), () => {
      const socket = this.#socket
      // Where it fails the socket is closed as expired, and the connection comes back with a new token.
      if (socket) this.#renew(socket).catch(() => {})
    })
  }

  async #renew(socket: GatewaySocket): Promise<void> {
    this.#token = await this.#options.credentials.refresh(this.#token)
    await socket.command('auth.refresh', { token: this.#token })
    const { exp = 0, iat = 0 } = readClaims(this.#token) ?? {}
    if (socket === this.#socket && exp > iat) this.#renewAfter((exp - iat) * 1000)
  }
}
