import { getHealth, getReadiness } from '@confab/contract/health/requests'
import { sql } from 'kysely'
import type { Core } from '../ctx.ts'
import { Answer, publicRoute, type RouteHost } from './route.ts'

/** `/healthz`: the process is up. `/readyz`: it can serve; each part with its state, 503 where one is down. */
export function healthRoutes(host: RouteHost, isDraining: () => boolean): void {
  publicRoute(host, getHealth, async () => ({ status: 'ok' as const }))
  publicRoute(host, getReadiness, async (core) => {
    const database = await databaseState(core)
    const bus = core.services.realtime.bus.state()
    // Without the bus messages still arrive, later: the position check delivers them.
    const isReady = database === 'up' && !isDraining()
    const status = isDraining() ? 'draining' : isReady ? 'ready' : 'not ready'
    return new Answer(isReady ? 200 : 503, { status, database, bus })
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
