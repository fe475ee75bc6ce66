/**
 * What storing messages costs at the least on this machine: Fastify, and one INSERT for all requests that came while the
 * one before was written. No people, no checks, no log, no sockets. Argument: the URL of a Postgres.
 */
import fastify from 'fastify'
import { BatchedInsert } from './batched-insert.ts'

const messages = await BatchedInsert.open(process.argv[2] ?? '')
const app = fastify({ keepAliveTimeout: 65_000 })
app.post<{ Params: { room: string }; Body: { content: string } }>(
  '/api/chatrooms/:room/messages/',
  async (request, reply) => {
    const id = await messages.store(Number(request.params.room), request.body.content)
    return reply.code(201).send({ id, content: request.body.content, image: null })
  },
)
process.once('disconnect', () => process.exit())
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
