/** What the server answers where a call of an endpoint fails: examples that are true of that very endpoint. */
import type { Endpoint } from '@confab/contract/endpoint'
import { type ErrorCode, errorBody } from '@confab/contract/errors'

/** What is missing where the last id of a path is nobody's; the first that fits. */
const missing: readonly (readonly [path: RegExp, code: ErrorCode])[] = [
  [/\/messages\/:id\//, 'message_not_found'],
  [/^GET \/api\/friend-requests\/:id\/$/, 'friend_request_hidden'],
  [/ \/api\/friend-requests\/:id\//, 'friend_request_missing'],
  [/^GET \/api\/friends\/:id\/$/, 'friend_missing'],
  [/ \/api\/friends\/:id\//, 'unfriend_user_missing'],
  [/ \/api\/users\/:id\//, 'user_missing'],
  [/ \/api\/sessions\/:id\//, 'session_missing'],
  [/ \/api\/notifications\/:id\//, 'notification_not_found'],
  [/ \/api\/chatrooms\/join\//, 'link_not_found'],
  [/ \/api\/chatrooms\//, 'room_not_found'],
]

/** The answer where the thing in the path, or else the cursor, is not there; undefined where neither can be. */
export function notFoundExample({ method, path, params, query }: Endpoint): Record<string, unknown> | undefined {
  if (params) return errorBody(missing.find(([where]) => where.test(`${method} ${path}`))?.[1] ?? 'not_found')
  return query && 'cursor' in query.properties ? errorBody('invalid_cursor') : undefined
}

/** The answer to a call without what it must have; undefined where an endpoint takes nothing. */
export function badRequestExample({ body, query }: Endpoint): unknown {
  const required = body?.required ?? []
  if (required.length > 0) return Object.fromEntries(required.map((field) => [field, ['This field is required.']]))
  if (body) return errorBody('malformed_json', { reason: 'Unexpected end of JSON input' })
  return query && ['Null characters are not allowed.']
}
