/** One socket of the gateway; see `gateway.ts` for what it guarantees. */
import { randomUUID } from 'node:crypto'
import type { CloseReason } from '@confab/contract/close-codes'
import { parseTopic, type Topic, topicOf } from '@confab/contract/define-event'
import { authRefresh } from '@confab/contract/gateway/commands'
import { ChatError, InvalidFields } from '../chat-error.ts'
import { type Actor, type Ctx, makeCtx } from '../ctx.ts'
import { toChatError } from '../wire/failures.ts'
import { parseObject } from '../wire/validation.ts'
import type { LoggedEvent, Signal } from './bus.ts'
import type { CommandHandler, CommandSocket } from './command.ts'
import { type Connection, HEARTBEAT_MS } from './connection.ts'
import { buildFrame } from './frame.ts'
import { Floors } from './gateway-floors.ts'
import { absolutizeReady, absolutizeReply, eventFrames, signalFrames } from './gateway-frames.ts'
import { type ClientFrame, parseHello, type Resume, readFrame } from './gateway-input.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { type Replay, type Replays, readReplay } from './gateway-replay.ts'
import type { Subscriber } from './hub.ts'
import type { Slots } from './slots.ts'
import { type Admit, type OpenHandshake, type SocketSession, TOO_MANY_WAIT_MS } from './socket-server.ts'

type SessionOptions = GatewayOptions &
  Readonly<{ starts: Slots; replays: Replays; handlers: ReadonlyMap<string, CommandHandler> }>

/** Events of a topic that are gone from the log. */
type Lost = Readonly<{ lost: Topic; upTo: number }>

/** What comes while a socket starts. */
type Early = LoggedEvent | Signal | Lost

/** A client has this long to say `hello`. */
const HELLO_MS = 10_000

/** Events kept while a socket starts; one that starts slower than that comes back and resumes. */
const MAX_EARLY = 5_000

/** Commands of one socket that may be under way. */
const MAX_COMMANDS = 100

/** Membership may change while the snapshot is read; it is read again this often before the client is sent away. */
const MAX_SNAPSHOTS = 5

/** After these a client follows other rooms than before; nothing else is looked at once more for each socket. */
const roomChanges: ReadonlySet<string> = new Set(['room.created', 'room.deleted', 'member.removed'])

const NO_REPLAY: Replay = { events: [], resyncs: [] }

const PING = buildFrame({ type: 'ping' })
const PONG = buildFrame({ type: 'pong' })
const TOO_MANY = new ChatError('throttled', { seconds: 1 }, { retryAfter: 1 })

export class GatewaySession implements SocketSession, Subscriber, CommandSocket {
  readonly #options: SessionOptions
  readonly #baseUrl: string
  readonly #ip: string
  readonly #offered: string | undefined
  #connection: Connection | undefined
  #admit: Admit | undefined
  #ctx: Ctx | undefined
  #timer: NodeJS.Timeout | undefined
  #expiry: NodeJS.Timeout | undefined
  #isHelloDone = false
  #isClosed = false
  /** What came while starting; undefined once live. */
  #early: Early[] | undefined = []
  readonly #topics = new Set<Topic>()
  readonly #floors = new Floors()
  readonly #cleanups: (() => void)[] = []
  #commands = 0
  #admission: Promise<void> = Promise.resolve()

  constructor(options: SessionOptions, { token, baseUrl, ip }: OpenHandshake) {
    this.#options = options
    this.#offered = token
    this.#baseUrl = baseUrl
    this.#ip = ip
  }

  onOpen(connection: Connection, admit: Admit): void {
    this.#connection = connection
    this.#admit = admit
    this.#timer = setTimeout(() => connection.close('hello_missing'), HELLO_MS)
  }

  onBeat(): void {
    this.#connection?.send(PING)
  }

  onBadFrame(reason: string): void {
    this.#sendError(new ChatError('invalid', { message: reason }), undefined)
  }

  /** The client hears which of its commands was not carried out, and that it may send it again. */
  onTooManyFrames(text: string): void {
    this.#sendError(TOO_MANY, readFrame(text)?.ref)
  }

  onClose(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#expiry)
    const { hub } = this.#options.core.services.realtime
    for (const topic of this.#topics) hub.unsubscribe(topic, this)
    this.#topics.clear()
    this.#early = []
    for (const cleanup of this.#cleanups) cleanup()
  }

  addCleanup(cleanup: () => void): void {
    if (this.#isClosed) cleanup()
    else this.#cleanups.push(cleanup)
  }

  onText(text: string): void {
    const frame = readFrame(text)
    if (!frame) this.onBadFrame('Expected a JSON object with a type.')
    else if (frame.type === 'ping') this.#connection?.send(PONG)
    else if (frame.type === 'pong') return
    else if (frame.type === 'hello') this.#onHello(frame.data)
    else if (this.#early || !this.#ctx) this.#sendError(new ChatError('not_ready'), frame.ref)
    else this.#onCommand(this.#ctx, frame)
  }

  onEvent(event: LoggedEvent): void {
    if (this.#early) this.#keep(event)
    else this.#pass(event)
  }

  onSignal(signal: Signal): void {
    if (this.#early) this.#keep(signal)
    else this.#connection?.send(signalFrames.get(signal, this.#baseUrl), { isEphemeral: true })
  }

  onLost(topic: Topic, upTo: number): void {
    if (this.#early) this.#keep({ lost: topic, upTo })
    else this.#passLost({ lost: topic, upTo })
  }

  #keep(one: Early): void {
    if (!this.#early) return
    if (this.#early.length >= MAX_EARLY) this.#close('slow_consumer')
    else this.#early.push(one)
  }

  #close(reason: CloseReason, retryAfterMs?: number): void {
    this.#connection?.close(reason, retryAfterMs)
  }

  #onHello(data: Record<string, unknown>): void {
    const hello = this.#isHelloDone ? undefined : parseHello(data)
    if (!hello) {
      this.onBadFrame('hello: expected once, with an optional token and an optional resume {epoch, positions}.')
      return
    }
    this.#isHelloDone = true
    clearTimeout(this.#timer)
    this.#start(hello.token ?? this.#offered, hello.resume).catch((error) => this.#failStart(error))
  }

  #failStart(error: unknown): void {
    const failure = toChatError(error)
    if (failure.status === 401) {
      const isExpired = failure.details.message === 'Token is expired'
      this.#close(isExpired ? 'token_expired' : 'not_authenticated')
      return
    }
    if (failure.code === 'internal') this.#options.core.log.error({ err: error }, 'a gateway socket could not start')
    this.#close('unavailable', (failure.retryAfter ?? 1) * 1_000 + Math.random() * 2_000)
  }

  async #start(token: string | undefined, resume: Resume | undefined): Promise<void> {
    if (token === undefined) return this.#close('not_authenticated')
    const { actor, expiresAt } = await this.#options.authenticate(token, this.#ip)
    const admitted = this.#admit?.(actor) ?? 'session_ended'
    if (admitted === 'session_ended') return this.#close(admitted)
    if (admitted === 'too_many_sockets') return this.#close(admitted, TOO_MANY_WAIT_MS)
    this.#ctx = makeCtx(this.#options.core, actor, this.#baseUrl)
    this.#expireAt(expiresAt)
    await this.#options.starts.run(() => this.#catchUp(this.#ctxOf(actor), resume, expiresAt))
  }

  #ctxOf(actor: Actor): Ctx {
    return this.#ctx ?? makeCtx(this.#options.core, actor, this.#baseUrl)
  }

  async #catchUp(ctx: Ctx, resume: Resume | undefined, expiresAt: number): Promise<void> {
    const connection = this.#connection
    if (this.#isClosed || !connection) return
    await this.#follow(await this.#options.listTopics(ctx))
    const { positions, content } = await this.#readSnapshot(ctx)
    const isResumed = resume !== undefined && resume.epoch === content.epoch
    const { realtime } = this.#options.core.services
    const replay = isResumed ? await readReplay(realtime, positions, resume.positions) : NO_REPLAY
    if (this.#isClosed) return
    const ready = { ...content, ...this.#describe(positions, isResumed, expiresAt) }
    const readyFrame = buildFrame(absolutizeReady(ready, this.#baseUrl))
    const { frames, resyncs, release } = this.#options.replays.render(replay, this.#baseUrl)
    if (isResumed) this.#count(frames.length, resyncs.length)
    const resyncFrames = resyncs.map((topic) => buildFrame({ type: 'resync', topic, seq: positions.get(topic) ?? 0 }))
    connection.sendOpening([...frames, ...resyncFrames, readyFrame], release)
    this.#goLive(positions)
    for (const signal of this.#options.listPassing(ctx, this.#topics)) this.onSignal(signal)
  }

  #count(replayed: number, resyncs: number): void {
    const { metrics } = this.#options.core
    metrics.replays.inc()
    metrics.replayedEvents.inc(replayed)
    metrics.resyncs.inc(resyncs)
  }

  /** A room that somebody was added to in between is followed first, and the snapshot read again. */
  async #readSnapshot(ctx: Ctx) {
    for (let attempt = 1; ; attempt++) {
      const snapshot = await this.#options.takeSnapshot(ctx)
      const missing = [...snapshot.positions.keys()].filter((topic) => !this.#topics.has(topic))
      if (missing.length === 0) {
        for (const topic of [...this.#topics]) if (!snapshot.positions.has(topic)) this.#unfollow(topic)
        return snapshot
      }
      if (attempt === MAX_SNAPSHOTS) throw new ChatError('unavailable')
      await this.#follow(missing)
    }
  }

  #describe(positions: ReadonlyMap<Topic, number>, isResumed: boolean, expiresAt: number) {
    return {
      type: 'ready' as const,
      session: randomUUID(),
      resumed: isResumed,
      positions: Object.fromEntries(positions),
      server_time: new Date().toISOString(),
      token_expires_at: new Date(expiresAt).toISOString(),
      heartbeat_ms: HEARTBEAT_MS,
      limits: this.#options.limits,
    }
  }

  #goLive(positions: ReadonlyMap<Topic, number>): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const [topic, seq] of positions) this.#floors.raise(topic, seq)
    for (const one of early) {
      if ('lost' in one) this.#passLost(one)
      else if ('seq' in one) this.#pass(one)
      else if (this.#topics.has(one.topic)) this.onSignal(one)
    }
    const { hub } = this.#options.core.services.realtime
    for (const [topic, seq] of positions) if (hub.positionOf(topic) >= seq) this.#floors.forget(topic)
  }

  /** What is lost matters only where the client does not know it already. */
  #passLost({ lost: topic, upTo }: Lost): void {
    if (this.#topics.has(topic) && this.#floors.lets(topic, upTo)) this.#send({ type: 'resync', topic, seq: upTo })
  }

  #pass(event: LoggedEvent): void {
    if (!this.#topics.has(event.topic) || !this.#floors.lets(event.topic, event.seq)) return
    this.#sendEvent(event)
    if (roomChanges.has(event.type)) this.#followChange(event)
  }

  #followChange(event: LoggedEvent): void {
    const me = this.#ctx?.actor.id
    const { kind, id } = parseTopic(event.topic)
    if (kind === 'room') {
      if (event.type === 'room.deleted' || (event.type === 'member.removed' && event.data.user_id === me)) {
        this.#unfollow(event.topic)
      }
    } else if (event.type === 'room.created') this.#startRoom(Number(Reflect.get(Object(event.data.room), 'id')))
    else if (event.type === 'room.deleted' && id === me) this.#unfollow(topicOf('room', Number(event.data.room)))
  }

  /** From when on a new room is followed the client hears by a `resync`: what was before is to be fetched. */
  #startRoom(roomId: number): void {
    const topic = topicOf('room', roomId)
    if (this.#topics.has(topic)) return
    this.#followAfresh(topic).catch(() => this.#close('unavailable', 1_000))
  }

  /** The hub may not have heard yet of what made this person a member; the log has, and the client begins there. */
  async #followAfresh(topic: Topic): Promise<void> {
    const floor = this.#floors.shut(topic)
    await this.#follow([topic])
    const { hub, readPosition } = this.#options.core.services.realtime
    const read = await readPosition(topic)
    if (!this.#floors.isCurrent(topic, floor)) return
    const delivered = hub.positionOf(topic)
    floor.seq = Math.max(read, delivered)
    this.#send({ type: 'resync', topic, seq: floor.seq })
    if (delivered === floor.seq) this.#floors.forget(topic)
  }

  async #follow(topics: readonly Topic[]): Promise<Map<Topic, number>> {
    for (const topic of topics) this.#topics.add(topic)
    const { hub } = this.#options.core.services.realtime
    const positions = await hub.subscribe(topics, this)
    if (this.#isClosed) for (const topic of topics) hub.unsubscribe(topic, this)
    return positions
  }

  #unfollow(topic: Topic): void {
    this.#topics.delete(topic)
    this.#floors.forget(topic)
    this.#options.core.services.realtime.hub.unsubscribe(topic, this)
  }

  #onCommand(ctx: Ctx, { type, ref, data }: ClientFrame): void {
    if (this.#commands >= MAX_COMMANDS) {
      this.#sendError(TOO_MANY, ref)
      return
    }
    this.#commands += 1
    // Each begins after the one before it was let in, not after it was done: sends keep their order and share batches.
    const admitted = this.#admission.then(() => this.#letIn(ctx, type, data))
    this.#admission = admitted.then(
      () => {},
      () => {},
    )
    admitted
      .then(({ result }) => result)
      .then((reply) => this.#send({ type: 'ack', ref, data: absolutizeReply(reply, this.#baseUrl) }))
      .catch((error) => this.#sendError(error, ref))
      .finally(() => {
        this.#commands -= 1
      })
  }

  async #letIn(ctx: Ctx, type: string, data: Record<string, unknown>): Promise<{ result: Promise<object> }> {
    const isRefresh = type === authRefresh.name
    const handler = this.#options.handlers.get(type)
    const definition = isRefresh ? authRefresh : handler?.definition
    if (!definition) throw new ChatError('unknown_command', { type: type.slice(0, 100) })
    const input = parseObject(definition.data, data)
    await ctx.core.services.rateLimits.take(definition.rate, `user:${ctx.actor.id}`, this.#ip)
    const result = isRefresh
      ? this.#refresh(ctx, String(input.token))
      : (handler?.run(ctx, input, this) ?? Promise.resolve({}))
    // Awaited by the caller; a failure before that must not count as unhandled.
    result.catch(() => {})
    return { result }
  }

  async #refresh(ctx: Ctx, token: string): Promise<{ expires_at: string }> {
    const { actor, expiresAt } = await this.#options.authenticate(token, this.#ip)
    if (actor.sessionId !== ctx.actor.sessionId) throw new ChatError('token_not_valid')
    this.#expireAt(expiresAt)
    return { expires_at: new Date(expiresAt).toISOString() }
  }

  #expireAt(expiresAt: number): void {
    clearTimeout(this.#expiry)
    // Timers hold 31 bits; a token that lives longer than that is looked at again. It may have expired while starting.
    const ms = Math.max(0, Math.min(expiresAt - Date.now(), 2 ** 31 - 1))
    this.#expiry = setTimeout(
      () => (Date.now() >= expiresAt ? this.#close('token_expired') : this.#expireAt(expiresAt)),
      ms,
    )
    this.#expiry.unref()
  }

  #sendEvent(event: LoggedEvent): void {
    this.#connection?.send(eventFrames.get(event, this.#baseUrl))
  }

  #send(frame: object): void {
    this.#connection?.send(buildFrame(frame))
  }

  #sendError(error: unknown, ref: string | undefined): void {
    if (error instanceof InvalidFields) {
      this.#send({ type: 'error', ref, code: 'invalid', message: 'Some fields are not valid.', fields: error.fields })
      return
    }
    const failure = toChatError(error)
    if (failure.code === 'internal') this.#options.core.log.error({ err: error }, 'a command failed')
    const retry = failure.retryAfter === undefined ? {} : { retry_after_ms: failure.retryAfter * 1000 }
    this.#send({ type: 'error', ref, code: failure.code, message: failure.message, ...retry })
  }
}
