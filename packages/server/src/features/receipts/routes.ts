import * as endpoints from '@confab/contract/receipts/requests'
import { toLinkHeader } from '../../http/paging.ts'
import { Answer, type RouteHost, route } from '../../http/route.ts'
import { listReadStatuses, markMessageRead, markRoomRead } from './service.ts'

const OWN_MESSAGE = { detail: 'Sender cannot mark own message as read' }

/** Read marks of messages and rooms. */
export function receiptRoutes(host: RouteHost): void {
  route(host, endpoints.markMessageRead, async (ctx, { params }) => {
    const { receipt, isNew } = await markMessageRead(ctx, params.room, params.id)
    return new Answer(isNew ? 201 : 200, receipt ?? OWN_MESSAGE)
  })
  route(host, endpoints.markRoomRead, (ctx, { params }) => markRoomRead(ctx, params.room))
  route(host, endpoints.listReadStatuses, async (ctx, { params, query }, { url }) => {
    const { list, page } = await listReadStatuses(ctx, params, query)
    return new Answer(200, page.rows, toLinkHeader(page, { list, url, keyOf: (row) => [row.user.id] }))
  })
}
