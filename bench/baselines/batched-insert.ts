import pg from 'pg'

type Waiting = { room: number; content: string; resolve: (id: number) => void; reject: (error: unknown) => void }

const INSERT = {
  name: 'insert',
  text: 'INSERT INTO baseline (room_id, content) SELECT * FROM unnest($1::bigint[], $2::text[]) RETURNING id',
}

/** Stores messages with one INSERT for all that came while the last was written: the least that durability costs. */
export class BatchedInsert {
  readonly #pool: pg.Pool
  #waiting: Waiting[] = []
  #isWriting = false

  private constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** Makes an empty table for it in a database. */
  static async open(connectionString: string): Promise<BatchedInsert> {
    const pool = new pg.Pool({ connectionString, max: 1 })
    await pool.query(`
      DROP TABLE IF EXISTS baseline;
      CREATE TABLE baseline (
        room_id bigint NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, id)
      )`)
    return new BatchedInsert(pool)
  }

  /** @returns the message's id, once it is on disk */
  store(room: number, content: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ room, content, resolve, reject })
      if (!this.#isWriting) void this.#write()
    })
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        const values = [batch.map((one) => one.room), batch.map((one) => one.content)]
        const { rows } = await this.#pool.query<{ id: string }>({ ...INSERT, values })
        for (const [index, one] of batch.entries()) one.resolve(Number(rows[index]?.id))
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    this.#isWriting = false
  }
}
