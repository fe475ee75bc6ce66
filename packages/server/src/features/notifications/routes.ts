import * as endpoints from '@confab/contract/notifications/requests'
import type { Notification } from '@confab/contract/notifications/resources'
import type { Ctx } from '../../ctx.ts'
import { readListRequest, toLinkHeader } from '../../http/paging.ts'
import { Answer, type HttpCall, type RouteHost, route } from '../../http/route.ts'
import * as service from './service.ts'

/** Serves what one is told of. */
export function notificationRoutes(host: RouteHost): void {
  route(host, endpoints.listNotifications, (ctx, { query }, http) => answerList(ctx, http, query, false))
  route(host, endpoints.listUnreadNotifications, (ctx, { query }, http) => answerList(ctx, http, query, true))
  route(host, endpoints.createNotification, (ctx, { body }) => service.createNotification(ctx, body))
  route(host, endpoints.markAllNotificationsRead, async (ctx) => {
    await service.markAllRead(ctx)
    return {}
  })
  route(host, endpoints.getNotification, (ctx, { params }) => service.getNotification(ctx, params.id))
  route(host, endpoints.replaceNotification, (ctx, { params, body }) =>
    service.updateNotification(ctx, params.id, body),
  )
  route(host, endpoints.updateNotification, (ctx, { params, body }) => service.updateNotification(ctx, params.id, body))
  route(host, endpoints.deleteNotification, async (ctx, { params }) => {
    await service.deleteNotification(ctx, params.id)
    return {}
  })
  route(host, endpoints.markNotificationRead, async (ctx, { params }) => {
    await service.markNotificationRead(ctx, params.id)
    return {}
  })
}

type ListQuery = { cursor?: string; limit?: string; room?: number; search?: string; ordering?: string }

async function answerList(
  ctx: Ctx,
  http: HttpCall,
  query: ListQuery,
  unreadOnly: boolean,
): Promise<Answer<Notification[]>> {
  const list = service.nameList({ unreadOnly, ...query })
  const page = await service.listNotifications(ctx, { unreadOnly, ...query }, readListRequest(list, query))
  return new Answer(200, page.rows, toLinkHeader(page, { list, url: http.url, keyOf: (row) => [row.id] }))
}
