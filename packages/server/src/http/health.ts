import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Core } from '../ctx.ts'

/** `/healthz`: the process is up. `/readyz`: it can serve; each part with its state, 503 where one is down. */
export function healthRoutes(app: FastifyInstance, core: Core, isDraining: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const database = await databaseState(core)
    const bus = core.services.realtime.bus.state()
    const isReady = database === 'up' && !isDraining()
    // Without the bus messages still arrive, later: the position check delivers them.
    return reply.code(isReady ? 200 : 503).send({
      status: isDraining() ? 'draining' : isReady ? 'ready' : 'not ready',
      database,
      bus,
    })
  })
}

async function databaseState(core: Core): Promise<'up' | 'down'> {
  try {
    await sql`SELECT 1`.execute(core.database.kysely)
    return 'up'
  } catch {
    return 'down'
  }
}
