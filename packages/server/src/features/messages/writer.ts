/**
 * The one way in which messages are stored, for REST and sockets alike.
 *
 * What it does: while one batch is being written, the sends that arrive wait; together they are the next batch. There is
 * no timer: a lone send is written at once, and under load the batches grow by themselves (group commit).
 * Guarantees: a send resolves after its message is committed; each is judged by itself, so that one sender's failure is
 * nobody else's; of sends with the same client_id at most one is stored.
 * Order and locking: `write_messages` locks the rooms of the batch in the order of their ids; a sender's own sends are
 * stored in the order in which they came.
 * On failure: where the database is away the whole batch fails as `unavailable`, and whether it was stored is unknown
 * until the retry with the same client_id; where the batch as such cannot be written, each message is tried by itself.
 */
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { ChatError } from '../../chat-error.ts'
import type { Core } from '../../ctx.ts'
import type { Database, Tx } from '../../db/open.ts'
import { isDatabaseAway } from '../../wire/failures.ts'

declare module '../../ctx.ts' {
  interface Services {
    messageWriter: MessageWriter
  }
}

/** A message that wants to be stored; its content and image are checked already. */
export type Draft = Readonly<{
  roomId: number
  senderId: number
  clientId: string | null
  /** Of what is sent, where there is a client_id: tells a retry from another message. */
  payloadHash: Buffer | null
  content: string
  /** The key of its image, which is saved already. */
  image: string | null
}>

/** What became of a draft. */
export type Written =
  | Readonly<{ outcome: 'new'; id: number; no: number; seq: number; createdAt: string }>
  | Readonly<{ outcome: 'stored'; id: number }>

type Row = {
  ord: number
  outcome: 'new' | 'stored' | 'client_id_conflict' | 'room_not_found' | 'cannot_message'
  id: number | null
  no: number | null
  seq: number | null
  created_at: string | null
}

type Waiting = { draft: Draft; resolve: (written: Written) => void; reject: (error: unknown) => void }

/** More than this in one statement gains nothing any more and makes the first wait for the last. */
const MAX_BATCH = 256

/** Beyond this many waiting sends the server is past its limits, and says so rather than grow. */
const MAX_WAITING = 20_000

const STATEMENT = {
  name: 'write_messages',
  text: 'SELECT * FROM write_messages($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[])',
}

/** Tells the senders of a batch what became of their messages. */
type Settle = () => void

export class MessageWriter {
  readonly #database: Database
  readonly #metrics: Core['metrics']
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(core: Core) {
    this.#database = core.database
    this.#metrics = core.metrics
  }

  /** How many sends are waiting for the batch under way. */
  get size(): number {
    return this.#waiting.length
  }

  /**
   * Stores a message and resolves once it is committed.
   *
   * @throws ChatError room_not_found, cannot_message, client_id_conflict, unavailable
   */
  send(draft: Draft): Promise<Written> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(new ChatError('unavailable', {}, { retryAfter: 1 }))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ draft, resolve, reject })
      this.#running ??= this.#work()
    })
  }

  /** Resolves when everything sent so far is written. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running
  }

  /**
   * Writes one batch after the other. What came while a batch was written leaves for the database before the senders of
   * that batch are answered, so that the database works while their answers are made.
   */
  async #work(): Promise<void> {
    let settleLast: Settle | undefined
    for (;;) {
      if (!settleLast || this.#waiting.length === 0) {
        settleLast?.()
        settleLast = undefined
        // Lets all that has arrived at the sockets by now into the batch: after one is answered, many come at once, and
        // the first of them alone would take as long as all together.
        await setImmediate()
        if (this.#waiting.length === 0) break
      }
      const written = this.#write(this.#takeBatch())
      settleLast?.()
      settleLast = await written
    }
    this.#running = undefined
  }

  /** A client_id occurs once in a batch: the second waits, and finds the first stored. */
  #takeBatch(): Waiting[] {
    const batch: Waiting[] = []
    const later: Waiting[] = []
    const keys = new Set<string>()
    for (const [index, waiting] of this.#waiting.entries()) {
      if (batch.length === MAX_BATCH) {
        later.push(...this.#waiting.slice(index))
        break
      }
      const { roomId, senderId, clientId } = waiting.draft
      const key = clientId === null ? undefined : `${roomId}:${senderId}:${clientId}`
      if (key !== undefined && keys.has(key)) later.push(waiting)
      else batch.push(waiting)
      if (key !== undefined) keys.add(key)
    }
    this.#waiting = later
    return batch
  }

  /** Stores a batch. Answers how to tell its senders; never fails. */
  async #write(batch: Waiting[]): Promise<Settle> {
    const startedAt = performance.now()
    try {
      const { rows } = await this.#database.pool.query<Row>({
        ...STATEMENT,
        values: [...toColumns(batch.map((one) => one.draft))],
      })
      this.#metrics.batchSize.observe(batch.length)
      this.#metrics.commitSeconds.observe((performance.now() - startedAt) / 1000)
      return () => {
        // In order, so that events leave in the order of their numbers.
        for (const row of rows.sort((a, b) => a.ord - b.ord)) settle(batch[row.ord - 1], row)
      }
    } catch (error) {
      if (batch.length > 1 && !isDatabaseAway(error)) return this.#writeOneByOne(batch)
      return () => {
        for (const one of batch) one.reject(error)
      }
    }
  }

  /** A batch that failed, one message after the other: nobody fails for another's error. */
  async #writeOneByOne(batch: readonly Waiting[]): Promise<Settle> {
    const settles: Settle[] = []
    for (const one of batch) settles.push(await this.#write([one]))
    return () => {
      for (const tell of settles) tell()
    }
  }
}

/**
 * Stores one message within a transaction, for what must commit together with it, such as its image.
 *
 * @throws ChatError room_not_found, cannot_message, client_id_conflict
 */
export async function writeMessage(tx: Tx, draft: Draft): Promise<Written> {
  const [rooms, senders, clientIds, hashes, contents, images] = toColumns([draft])
  const { rows } = await sql<Row>`
    SELECT * FROM write_messages(${rooms}::bigint[], ${senders}::bigint[], ${clientIds}::text[],
      ${hashes}::bytea[], ${contents}::text[], ${images}::text[])`.execute(tx)
  return toWritten(rows[0])
}

function toColumns(drafts: readonly Draft[]) {
  return [
    drafts.map((draft) => draft.roomId),
    drafts.map((draft) => draft.senderId),
    drafts.map((draft) => draft.clientId),
    drafts.map((draft) => draft.payloadHash),
    drafts.map((draft) => draft.content),
    drafts.map((draft) => draft.image),
  ] as const
}

function settle(waiting: Waiting | undefined, row: Row): void {
  try {
    waiting?.resolve(toWritten(row))
  } catch (error) {
    waiting?.reject(error)
  }
}

function toWritten(row: Row | undefined): Written {
  if (row?.outcome === 'new' && row.id !== null && row.no !== null && row.seq !== null && row.created_at !== null) {
    return { outcome: 'new', id: row.id, no: row.no, seq: row.seq, createdAt: row.created_at }
  }
  if (row?.outcome === 'stored' && row.id !== null) return { outcome: 'stored', id: row.id }
  if (row === undefined || row.outcome === 'new' || row.outcome === 'stored') {
    throw new Error('write_messages did not answer for a message')
  }
  throw new ChatError(row.outcome)
}
