import * as endpoints from '@confab/contract/receipts/requests'
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
  route(host, endpoints.listReadStatuses, (ctx, { params }) => listReadStatuses(ctx, params.room, params.id))
}
