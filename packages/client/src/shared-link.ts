/**
 * One socket for all tabs of a person. The tab that holds the lock is the leader: it has the connection, and tells the
 * others every frame; they tell it their commands. When it goes, the next one takes over and resumes where it was.
 *
 * Guarantees: every tab applies every event once and in order; one that missed something is given the leader's state.
 * A command whose leader went away fails with `network`: it is not known whether it was carried out.
 * Order: a channel keeps the order of each sender, so a state and the frames after it fit together.
 */
import type { Connection, ConnectionStatus, Link, LinkEvents } from './connection.ts'
import type { CommandMap } from './contract.gen.ts'
import { ConfabError, type Failure } from './errors.ts'
import type { Frame } from './frames.ts'
import { type Position, Positions } from './positions.ts'
import { MAX_WATCHED } from './presence/watch.ts'

export type SharedLinkOptions<Snapshot, News> = Readonly<{
  /** Names the lock and the channel: the same for all tabs of a person on a server. */
  name: string
  /** Makes the connection of a leader. */
  connect(events: LinkEvents, resume: Position | undefined): Connection
  /** What a tab that joins is given. */
  takeSnapshot(): Snapshot
}> &
  SharedEvents<Snapshot, News>

type SharedEvents<Snapshot, News> = Readonly<{
  onSnapshot(snapshot: Snapshot): void
  /** This tab is the leader from now on. */
  onLead(): void
  /** What another tab shared. */
  onNews(news: News): void
}>

type Command = keyof CommandMap

/** What tabs say to each other. */
type Note<Snapshot, News> =
  | Readonly<{ kind: 'join'; from: string }>
  | Readonly<{ kind: 'snapshot'; to: string; snapshot: Snapshot; position: Position; status: ConnectionStatus }>
  | Readonly<{ kind: 'lead' }>
  | Readonly<{ kind: 'frame'; frame: Frame }>
  | Readonly<{ kind: 'status'; status: ConnectionStatus }>
  | Readonly<{ kind: 'command'; from: string; ref: number; name: Command; data: CommandMap[Command]['data'] }>
  | Readonly<{ kind: 'answer'; to: string; ref: number; reply?: unknown; failure?: Failure }>
  | Readonly<{ kind: 'news'; news: News }>

type Waiting = Readonly<{ resolve(reply: unknown): void; reject(error: ConfabError): void }>

export class SharedLink<Snapshot, News> implements Link {
  readonly #options: SharedLinkOptions<Snapshot, News>
  readonly #events: LinkEvents
  readonly #id: string = crypto.randomUUID()
  readonly #positions = new Positions()
  readonly #waiting = new Map<number, Waiting>()
  /** Of a leader: whom each tab watches, the last that said so last. */
  readonly #watched = new Map<string, readonly number[]>()
  #channel: InstanceType<typeof BroadcastChannel> | undefined
  #connection: Connection | undefined
  #status: ConnectionStatus = 'stopped'
  #giveUp: AbortController | undefined
  #refs = 0

  constructor(options: SharedLinkOptions<Snapshot, News>, events: LinkEvents) {
    this.#options = options
    this.#events = events
  }

  get isLeader(): boolean {
    return this.#connection !== undefined
  }

  start(): void {
    if (this.#channel) return
    const channel = new BroadcastChannel(this.#options.name)
    this.#channel = channel
    // Only tabs of this origin speak on the channel.
    channel.onmessage = ({ data }: { data: Note<Snapshot, News> }) => this.#onNote(data)
    this.#setStatus('connecting')
    this.#post({ kind: 'join', from: this.#id })
    const giveUp = new AbortController()
    this.#giveUp = giveUp
    navigator.locks
      .request(this.#options.name, { signal: giveUp.signal }, () => this.#lead(giveUp.signal))
      .catch(() => {})
  }

  stop(): void {
    this.#giveUp?.abort()
    this.#connection?.stop()
    this.#connection = undefined
    this.#channel?.close()
    this.#channel = undefined
    this.#failWaiting()
    this.#setStatus('stopped')
  }

  /** Tells the other tabs something that is not of the server. */
  share(news: News): void {
    this.#post({ kind: 'news', news })
  }

  command<Name extends Command>(name: Name, data: CommandMap[Name]['data']): Promise<CommandMap[Name]['reply']> {
    if (this.#connection) return this.#connection.command(name, this.#forAll(this.#id, data))
    if (this.#status !== 'live') return Promise.reject(gone())
    return new Promise((resolve, reject) => {
      const ref = ++this.#refs
      this.#waiting.set(ref, { resolve: (reply) => Reflect.apply(resolve, undefined, [reply]), reject })
      this.#post({ kind: 'command', from: this.#id, ref, name, data })
    })
  }

  /** Holds the lock until this tab stops. */
  #lead(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      signal.addEventListener('abort', () => resolve())
      this.#failWaiting()
      this.#post({ kind: 'lead' })
      this.#connection = this.#options.connect(
        {
          onFrame: (frame) => {
            this.#positions.take(frame)
            this.#events.onFrame(frame)
            this.#post({ kind: 'frame', frame })
          },
          onStatus: (status) => {
            if (status !== 'live') this.#watched.clear()
            this.#setStatus(status)
            this.#post({ kind: 'status', status })
          },
        },
        this.#positions.position,
      )
      this.#options.onLead()
      this.#connection.start()
    })
  }

  #post(note: Note<Snapshot, News>): void {
    this.#channel?.postMessage(note)
  }

  #onNote(note: Note<Snapshot, News>): void {
    if (note.kind === 'news') this.#options.onNews(note.news)
    else if (note.kind === 'join') this.#welcome(note.from)
    else if (note.kind === 'command') this.#carryOut(note)
    else if (!this.isLeader) this.#follow(note)
  }

  #follow(note: Exclude<Note<Snapshot, News>, { kind: 'news' | 'join' | 'command' }>): void {
    if (note.kind === 'frame') this.#onFrame(note.frame)
    else if (note.kind === 'status') this.#setStatus(note.status)
    else if (note.kind === 'lead') this.#onLead()
    else if (note.kind === 'answer') this.#onAnswer(note)
    else if (note.to === this.#id) {
      this.#positions.restore(note.position)
      this.#options.onSnapshot(note.snapshot)
      this.#setStatus(note.status)
    }
  }

  /** Who leads now resumes: to a tab whose request for the state met nobody, that tells nothing. */
  #onLead(): void {
    this.#failWaiting()
    if (!this.#positions.position) this.#post({ kind: 'join', from: this.#id })
  }

  #onFrame(frame: Frame): void {
    const isWhole = frame.type === 'ready' && !frame.resumed
    // Without a state of its own, what happens to it means nothing.
    if (!this.#positions.position && !isWhole) return
    const verdict = this.#positions.take(frame)
    if (verdict === 'apply') this.#events.onFrame(frame)
    if (verdict === 'gap') this.#post({ kind: 'join', from: this.#id })
  }

  #welcome(to: string): void {
    const position = this.#connection?.position
    if (!position) return
    this.#post({ kind: 'snapshot', to, snapshot: this.#options.takeSnapshot(), position, status: this.#status })
  }

  #carryOut({ from: to, ref, name, data }: Extract<Note<Snapshot, News>, { kind: 'command' }>): void {
    this.#connection?.command(name, this.#forAll(to, data)).then(
      (reply) => this.#post({ kind: 'answer', to, ref, reply }),
      ({ code, message, status, fields, retryAfterMs }: ConfabError) =>
        this.#post({ kind: 'answer', to, ref, failure: { code, message, status, fields, retryAfterMs } }),
    )
  }

  /** A socket watches those it was told last: one tab must not end what another watches. */
  #forAll<Data extends CommandMap[Command]['data']>(from: string, data: Data): Data {
    if (!('users' in data)) return data
    this.#watched.delete(from)
    this.#watched.set(from, data.users)
    const users = new Set([...this.#watched.values()].reverse().flat())
    return { ...data, users: [...users].slice(0, MAX_WATCHED) }
  }

  #onAnswer({ to, ref, reply, failure }: Extract<Note<Snapshot, News>, { kind: 'answer' }>): void {
    if (to !== this.#id) return
    const waiting = this.#waiting.get(ref)
    this.#waiting.delete(ref)
    if (failure) waiting?.reject(new ConfabError(failure))
    else waiting?.resolve(reply)
  }

  #failWaiting(): void {
    for (const { reject } of this.#waiting.values()) reject(gone())
    this.#waiting.clear()
  }

  #setStatus(status: ConnectionStatus): void {
    if (this.#status === status) return
    this.#status = status
    this.#events.onStatus(status)
  }
}

function gone(): ConfabError {
  return new ConfabError({ code: 'network', message: 'The tab that was connected is gone.' })
}
