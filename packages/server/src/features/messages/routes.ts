import * as endpoints from '@confab/contract/messages/requests'
import { invalidField } from '../../chat-error.ts'
import { toEnvelope } from '../../http/paging.ts'
import { Answer, type HttpCall, type RouteHost, route } from '../../http/route.ts'
import { listMessages, listRoomImages } from './list-service.ts'
import { deleteMessage, editMessage, getMessage, sendMessage } from './service.ts'

/** Messages of a room: `/api/chatrooms/{room}/messages/`. */
export function messageRoutes(host: RouteHost): void {
  route(host, endpoints.listMessages, async (ctx, { params, query }, { url }) => {
    const { list, page, messages } = await listMessages(ctx, params.room, query)
    return toEnvelope(page, { list, url, keyOf: (row) => [row.id], results: messages })
  })
  route(host, endpoints.listRoomImages, async (ctx, { params, query }, { url }) => {
    const { list, page, messages } = await listRoomImages(ctx, params.room, query)
    return toEnvelope(page, { list, url, keyOf: (row) => [row.id], results: messages })
  })
  route(host, endpoints.sendMessage, async (ctx, { params, body }, http) => {
    const { message, isNew } = await sendMessage(ctx, params.room, { ...body, client_id: clientIdOf(body, http) })
    return new Answer(isNew ? 201 : 200, message)
  })
  route(host, endpoints.getMessage, (ctx, { params }) => getMessage(ctx, params.room, params.id))
  route(host, endpoints.editMessage, (ctx, { params, body }) => editMessage(ctx, params.room, params.id, body))
  route(host, endpoints.replaceMessage, (ctx, { params, body }) => editMessage(ctx, params.room, params.id, body))
  route(host, endpoints.deleteMessage, async (ctx, { params }) => {
    await deleteMessage(ctx, params.room, params.id)
    return new Answer(204, {})
  })
}

const MAX_KEY = 100

/** The `Idempotency-Key` header stands in for a `client_id` in the body. */
function clientIdOf(body: endpoints.SendMessage, http: HttpCall): string | null {
  const header = http.headers['idempotency-key']
  if (body.client_id || typeof header !== 'string') return body.client_id ?? null
  if (header.length > MAX_KEY)
    throw invalidField('client_id', `Ensure this field has no more than ${MAX_KEY} characters.`)
  return header.trim() || null
}
