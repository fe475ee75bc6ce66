import * as endpoints from '@confab/contract/privacy/requests'
import { Answer, type RouteHost, route, Streamed } from '../../http/route.ts'
import { deleteAccount } from './deletion-service.ts'
import { exportData } from './export-service.ts'

/** What a person may ask for all they have here: a copy of it, and its end. */
export function privacyRoutes(host: RouteHost): void {
  route(host, endpoints.exportData, async (ctx) => new Streamed(exportData(ctx), downloadOf(ctx.actor.id)))
  route(host, endpoints.deleteAccount, async (ctx, { body }) => {
    await deleteAccount(ctx, body)
    return new Answer(204, {})
  })
}

function downloadOf(userId: number): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="confab-export-${userId}.json"`,
    'cache-control': 'no-store',
  }
}
