/**
 * What storing messages costs at the least on this machine: Fastify, and one INSERT for all requests that came while the
 * one before was written. No people, no checks, no log, no sockets. Argument: the URL of a Postgres.
 */
import fastify from 'fastify'
import pg from 'pg'

type Waiting = { room: number; content: string; resolve: (id: number) => void; reject: (error: unknown) => void }

const INSERT = {
  name: 'insert',
  text: 'INSERT INTO baseline (room_id, content) SELECT * FROM unnest($1::bigint[], $2::text[]) RETURNING id',
}

const pool = new pg.Pool({ connectionString: process.argv[2], max: 1 })
let waiting: Waiting[] = []
let isWriting = false

function store(room: number, content: string): Promise<number> {
  return new Promise((resolve, reject) => {
    waiting.push({ room, content, resolve, reject })
    if (!isWriting) void write()
  })
}

async function write(): Promise<void> {
  isWriting = true
  while (waiting.length > 0) {
    const batch = waiting
    waiting = []
    try {
      const values = [batch.map((one) => one.room), batch.map((one) => one.content)]
      const { rows } = await pool.query<{ id: string }>({ ...INSERT, values })
      for (const [index, one] of batch.entries()) one.resolve(Number(rows[index]?.id))
    } catch (error) {
      for (const one of batch) one.reject(error)
    }
  }
  isWriting = false
}

await pool.query(`
  DROP TABLE IF EXISTS baseline;
  CREATE TABLE baseline (
    room_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    content text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (room_id, id)
  )`)
const app = fastify({ keepAliveTimeout: 65_000 })
app.post<{ Params: { room: string }; Body: { content: string } }>(
  '/api/chatrooms/:room/messages/',
  async (request, reply) => {
    const id = await store(Number(request.params.room), request.body.content)
    return reply.code(201).send({ id, content: request.body.content, image: null })
  },
)
process.once('disconnect', () => process.exit())
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
