/** Somebody with one device: logs in, stays connected through whatever happens, and knows what the server told. */
import { fetchRoom } from '../model/fetch.ts'
import { type Filling, Follower } from '../model/follower.ts'
import type { ServerFrame } from '../model/frames.ts'
import type { Random } from '../random.ts'
import { type Address, toText } from '../stack/address.ts'
import type { Unit } from '../stack/units.ts'
import { pause } from '../stack/waiting.ts'
import { Wire } from '../stack/wire.ts'
import type { Trace } from '../trace.ts'
import { type Answers, judgeAnswers, type Reply } from './answers.ts'
import { field, NotRead, Rest } from './rest.ts'
import { Session } from './session.ts'

export const PASSWORD = 'correct-horse-battery-9'

/** Messages fetched of a room at a time. */
const PAGE = 60

/** The longest that a client waits before it comes back. */
const MAX_WAIT_MS = 3_000

/** How long it may take to be registered: hashes of passwords are slow, and all ask at the beginning. */
const REGISTER_MS = 60_000

type ClientOptions = Readonly<{ servers: readonly Address[]; trace: Trace; random: Random }>

export class Client {
  readonly name: string
  readonly proxy: Wire
  readonly rest: Rest
  readonly trace: Trace
  readonly random: Random
  readonly #servers: readonly Address[]
  #refresh = ''
  #id = 0
  #follower: Follower | undefined
  #session: Session | undefined
  #isWanted = false
  #connecting: NodeJS.Timeout | undefined

  private constructor(name: string, proxy: Wire, { servers, trace, random }: ClientOptions) {
    this.name = name
    this.proxy = proxy
    this.trace = trace
    this.random = random
    this.#servers = servers
    this.rest = new Rest(proxy.address, trace)
  }

  /** Registers somebody. */
  static async register(name: string, options: ClientOptions): Promise<Client> {
    const [server] = options.servers
    if (!server) throw new Error('there is no server')
    const repetition = {
      onRepeat: (unit: Unit, isAnswered: boolean) => client.#onRepeat(unit, isAnswered),
      onAnswer: (status: number, request: Buffer) => client.#onRepeatAnswered(status, request),
    }
    const client: Client = new Client(name, await Wire.open(server, { repetition }), options)
    const account = { username: name, password: PASSWORD, confirm_password: PASSWORD }
    const { patienceMs } = client.rest
    client.rest.patienceMs = REGISTER_MS
    const answer = await client.rest.call('POST', '/api/register/', account)
    client.rest.patienceMs = patienceMs
    if (answer?.status !== 201) throw new Error(`${name} could not register: ${JSON.stringify(answer)}`)
    client.#takeTokens(answer.body)
    client.#id = userIdOf(client.rest.token)
    client.#follower = client.#makeFollower()
    return client
  }

  get id(): number {
    return this.#id
  }

  get follower(): Follower {
    if (!this.#follower) throw new Error(`${this.name} has not registered`)
    return this.#follower
  }

  get isReady(): boolean {
    return this.#session?.isReady ?? false
  }

  /** Comes, and comes back whenever the socket goes, to any of the servers. */
  connect(): void {
    this.#isWanted = true
    if (!this.#session) this.#open()
  }

  /** Goes and stays away. */
  disconnect(): void {
    this.#isWanted = false
    clearTimeout(this.#connecting)
    this.#connecting = undefined
    this.#session?.close()
  }

  /** Drops its socket, as somebody does who walks into a lift. */
  drop(): void {
    this.#session?.cut()
  }

  /** Carries out a command over the socket. */
  async command(type: string, data: object): Promise<Reply> {
    const reply = (await this.#session?.command(type, data)) ?? { kind: 'lost', isRepeated: false }
    this.trace.count(`command ${reply.kind}`)
    if (reply.kind === 'error' && reply.code === 'internal') {
      this.trace.violation(`${this.name}: ${type} was answered with an internal error`, `room:${field(data, 'room')}`)
    }
    return reply
  }

  /** A new access token. @returns whether there is one */
  async renew(): Promise<boolean> {
    const answer = await this.rest.call('POST', '/api/token/refresh/', { refresh: this.#refresh })
    const access = field(answer?.body, 'access')
    if (typeof access === 'string') this.rest.token = access
    return typeof access === 'string'
  }

  /** Reads through REST, again and again until it works. */
  async read(path: string): Promise<unknown> {
    for (;;) {
      try {
        return await this.rest.read(path)
      } catch (error) {
        if (!(error instanceof NotRead)) throw error
        if (error.answer?.status === 404 || error.answer?.status === 403) throw error
        if (error.answer?.status === 401) await this.renew()
        await pause(this.random.between(100, 400))
      }
    }
  }

  #takeTokens(body: unknown): void {
    this.rest.token = String(field(body, 'tokens', 'access'))
    this.#refresh = String(field(body, 'tokens', 'refresh'))
  }

  #makeFollower(): Follower {
    return new Follower(this.#id, {
      onFetch: (roomId, filling) => {
        this.#fill(roomId, filling).catch((error: unknown) => {
          this.trace.violation(`${this.name} could not read room ${roomId}: ${error}`, `room:${roomId}`)
        })
      },
      onViolation: (what, topic) => this.trace.violation(what, topic, `user:${this.#id}`, this.name),
      onNote: (topic, text) => this.trace.note(topic, text),
    })
  }

  async #fill(roomId: number, filling: Filling): Promise<void> {
    const { follower } = this
    while (follower.isWanted(roomId, filling)) {
      try {
        const room = await fetchRoom((path) => this.read(path), roomId, PAGE)
        follower.fill(room, filling)
        this.trace.count('rooms fetched')
        return
      } catch (error) {
        // Somebody who was removed meanwhile is told so by an event.
        if (!(error instanceof NotRead)) throw error
        await pause(200)
      }
    }
  }

  #open(): void {
    this.proxy.target = this.random.pick(this.#servers) ?? this.proxy.target
    const resume = this.follower.begin()
    this.trace.count('connections')
    this.trace.note(this.name, `opens a socket to ${toText(this.proxy.target)}`)
    const session: Session = new Session({
      address: this.proxy.address,
      token: this.rest.token,
      hello: resume ? { resume } : {},
      events: {
        onFrame: (frame) => this.#onFrame(frame),
        onSecondAnswer: (answers) => this.#onSecondAnswer(answers),
        onStrange: (text) => this.trace.violation(`${this.name} got a strange frame: ${text.slice(0, 300)}`, this.name),
        onClose: (code, reason) => this.#onClose(session, code, reason),
      },
    })
    this.#session = session
  }

  #onFrame(frame: ServerFrame): void {
    const { follower } = this
    if (frame.kind === 'event') {
      this.trace.count('events')
      if (!follower.isReady) this.trace.count('events replayed')
      follower.onEvent(frame.event)
    } else if (frame.kind === 'signal') {
      this.trace.count(`signal ${frame.signal.type}`)
      follower.onSignal(frame.signal)
    } else if (frame.kind === 'resync') {
      this.trace.count('resyncs')
      follower.onResync(frame.topic, frame.seq)
    } else if (frame.kind === 'ready') {
      this.trace.count(frame.ready.resumed ? 'resumed' : 'begun afresh')
      this.trace.note(this.name, `ready, ${JSON.stringify(frame.ready.positions)}`)
      follower.onReady(frame.ready)
    }
  }

  /** What the wire carried twice is not to be taken for something that nobody asked for. */
  #onRepeat(unit: Unit, isAnswered: boolean): void {
    this.trace.count(`repeated ${unit.kind}`)
    if (unit.kind !== 'message') return
    const frame: unknown = JSON.parse(unit.text)
    const [type, ref] = [field(frame, 'type'), field(frame, 'ref')]
    if (typeof ref === 'string') this.#session?.onRepeat(ref, isAnswered)
    else if (type === 'hello') this.#session?.onRepeat(undefined, isAnswered)
  }

  #onRepeatAnswered(status: number, request: Buffer): void {
    this.trace.count(`repeated request answered ${status}`)
    if (status < 500 || status === 503) return
    const line = request.toString('latin1', 0, request.indexOf('\r\n'))
    this.trace.violation(`${this.name}: ${line} was answered with ${status} when it came again`)
  }

  #onSecondAnswer(answers: Answers): void {
    this.trace.count('second answers')
    const problem = judgeAnswers(answers)
    if (problem) this.trace.violation(`${this.name}: ${answers.type} came twice, and ${problem}`, this.name)
  }

  #onClose(session: Session, code: number, reason: string): void {
    if (this.#session !== session) return
    this.#session = undefined
    const [name = '', after = ''] = reason.split(':')
    this.trace.count(`closed ${code} ${name}`.trim())
    this.trace.note(this.name, `closed with ${code} ${reason}`)
    if (code === 1002 || code === 1003 || code === 1007 || code >= 4500) {
      this.trace.violation(`${this.name}: its socket was closed with ${code} ${reason}`, this.name)
    }
    if (this.#isWanted) this.#comeBack(code, Number(after) || 0)
  }

  #comeBack(code: number, afterMs: number): void {
    const waitMs = Math.min(MAX_WAIT_MS, afterMs) + this.random.between(20, 400)
    this.#connecting = setTimeout(async () => {
      // A handshake is not told why it was refused; a new token never hurts.
      if (code === 4001) while (this.#isWanted && !(await this.renew())) await pause(200)
      if (this.#isWanted && !this.#session) this.#open()
    }, waitMs)
  }

  async close(): Promise<void> {
    this.disconnect()
    await this.proxy.close()
  }
}

/** The `user_id` claim of an access token, as clients read it. */
function userIdOf(token: string): number {
  return Number(field(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()), 'user_id'))
}
