/** The names that a feature is made of, for example `notes`, `note`, `Notes`, `Note`. */
export type Names = Readonly<{ many: string; one: string; Many: string; One: string }>

/** The files of a new feature: their paths from the root of the repository, and what is in them. */
export function templates(names: Names, migration: string): Readonly<Record<string, string>> {
  const { many } = names
  const contract = `packages/contract/src/${many}`
  const server = `packages/server/src/features/${many}`
  return {
    [`${contract}/resources.ts`]: resources(names),
    [`${contract}/requests.ts`]: requests(names),
    [`packages/server/src/db/migrations/${migration}-${many}.sql`]: table(names),
    [`${server}/queries.ts`]: queries(names),
    [`${server}/service.ts`]: service(names),
    [`${server}/routes.ts`]: routes(names),
    [`${server}/${many}.test.ts`]: test(names),
  }
}

const resources = ({ one, One }: Names) => `import Type, { type Static } from 'typebox'
import { Id, Timestamp } from '../fields.ts'

/** A ${one} that a member keeps in a room. */
export const ${One} = Type.Object(
  {
    id: Id,
    room: Id,
    sender: Type.Object({ id: Id }),
    content: Type.String({ examples: ['hello bob'] }),
    timestamp: Timestamp,
  },
  { title: '${One}' },
)
export type ${One} = Static<typeof ${One}>
`

const requests = ({ many, one, Many, One }: Names) => `import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Id, text } from '../fields.ts'
import { cursorQuery, page } from '../paging.ts'
import { ${One} } from './resources.ts'

/** A new ${one}. */
export const Create${One} = Type.Object({ content: text({ max: 1_000, examples: ['hello bob'] }) })
export type Create${One} = Static<typeof Create${One}>

const about = {
  tag: '${many}',
  access: 'member',
  path: '/api/chatrooms/:room/${many}/',
  params: Type.Object({ room: Id }),
} as const

export const list${Many} = defineEndpoint({
  ...about,
  operationId: 'list${Many}',
  method: 'GET',
  summary: 'The ${many} of a room, newest first.',
  rate: 'read',
  query: Type.Object(cursorQuery),
  responses: { 200: page(${One}) },
})

export const create${One} = defineEndpoint({
  ...about,
  operationId: 'create${One}',
  method: 'POST',
  summary: 'Adds a ${one} to a room.',
  rate: 'write',
  body: Create${One},
  responses: { 201: ${One} },
})
`

const table = ({ many, Many }: Names) => `-- ${Many} that members keep in rooms.
CREATE TABLE ${many} (
  room_id bigint NOT NULL REFERENCES rooms ON DELETE CASCADE,
  id bigint GENERATED ALWAYS AS IDENTITY,
  sender_id bigint NOT NULL,
  content text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (room_id, id)
);
`

const queries = ({ many, one, Many, One }: Names) => `import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'

/** A ${one} as it is stored. */
export type ${One}Row = Readonly<{
  id: number
  room_id: number
  sender_id: number
  content: string
  created_at: string
}>

const columns = sql\`id, room_id, sender_id, content, created_at\`

/** Stores a ${one}. */
export async function insert${One}(
  tx: Tx,
  ${one}: { roomId: number; senderId: number; content: string },
): Promise<${One}Row> {
  const { rows } = await sql<${One}Row>\`
    INSERT INTO ${many} (room_id, sender_id, content)
    VALUES (\${${one}.roomId}, \${${one}.senderId}, \${${one}.content})
    RETURNING \${columns}\`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('an insert gave nothing back')
  return row
}

/** A room's ${many} after an id, or from the beginning, in the direction asked for. */
export async function list${Many}After(
  db: Db,
  roomId: number,
  range: { after: number | undefined; isForward: boolean; limit: number },
): Promise<${One}Row[]> {
  const { after, isForward, limit } = range
  const { rows } = await sql<${One}Row>\`
    SELECT \${columns} FROM ${many}
    WHERE room_id = \${roomId}
      \${after === undefined ? sql\`\` : isForward ? sql\`AND id > \${after}\` : sql\`AND id < \${after}\`}
    ORDER BY id \${isForward ? sql\`ASC\` : sql\`DESC\`} LIMIT \${limit}\`.execute(db)
  return rows
}
`

const service = ({
  many,
  one,
  Many,
  One,
}: Names) => `import type { Create${One} } from '@confab/contract/${many}/requests'
import type { ${One} } from '@confab/contract/${many}/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, readPageRequest, toPage } from '../../http/paging.ts'
import { lockRoomForMember, requireMember } from '../rooms/access.ts'
import * as queries from './queries.ts'

/** A page of ${many}, with the name of the list that its cursors are for. */
export type ${One}Page = Readonly<{ list: string; page: Page<queries.${One}Row>; ${many}: ${One}[] }>

/**
 * The ${many} of a room, newest first.
 *
 * @throws ChatError room_not_found, invalid_cursor
 */
export async function list${Many}(
  ctx: Ctx,
  roomId: number,
  query: { cursor?: string; limit?: string },
): Promise<${One}Page> {
  await requireMember(ctx.db, roomId, ctx.actor.id)
  const list = \`${many}:\${roomId}\`
  const request = readPageRequest(list, query)
  const after = request.position?.key[0]
  if (typeof after === 'string') throw new ChatError('invalid_cursor')
  const isForward = request.position?.backward ?? false
  const rows = await queries.list${Many}After(ctx.db, roomId, { after, isForward, limit: request.limit + 1 })
  const page = toPage(rows, request)
  return { list, page, ${many}: page.rows.map(view${One}) }
}

/**
 * Adds a ${one} to a room.
 *
 * @throws ChatError room_not_found
 */
export function create${One}(ctx: Ctx, roomId: number, { content }: Create${One}): Promise<${One}> {
  return ctx.transaction(async (tx) => {
    await lockRoomForMember(tx, roomId, ctx.actor.id)
    return view${One}(await queries.insert${One}(tx, { roomId, senderId: ctx.actor.id, content }))
  })
}

function view${One}(row: queries.${One}Row): ${One} {
  const { id, room_id, sender_id, content, created_at } = row
  return { id, room: room_id, sender: { id: sender_id }, content, timestamp: created_at }
}
`

const routes = ({ many, one, Many, One }: Names) => `import * as endpoints from '@confab/contract/${many}/requests'
import { toEnvelope } from '../../http/paging.ts'
import { type RouteHost, route } from '../../http/route.ts'
import { create${One}, list${Many} } from './service.ts'

/** ${Many} of a room: \`/api/chatrooms/{room}/${many}/\`. */
export function ${one}Routes(host: RouteHost): void {
  route(host, endpoints.list${Many}, async (ctx, { params, query }, { url }) => {
    const { list, page, ${many} } = await list${Many}(ctx, params.room, query)
    return toEnvelope(page, { list, url, keyOf: (row) => [row.id], results: ${many} })
  })
  route(host, endpoints.create${One}, (ctx, { params, body }) => create${One}(ctx, params.room, body))
}
`

const test = ({ many, one }: Names) => `import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'

const server = await startTestServer()

test('members see the ${many} of their room, newest first, page by page; to others there is no such room', async () => {
  const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
  const { id: room } = await server.group(ada, [bob])
  const url = \`/api/chatrooms/\${room}/${many}/\`

  const first = await ada.post(url, { content: 'the first ${one}' })
  const second = await bob.post(url, { content: 'the second ${one}' })

  expect(first).toMatchObject({ status: 201, body: { room, sender: { id: ada.id }, content: 'the first ${one}' } })
  const page = await bob.get(\`\${url}?limit=1\`)
  expect(page).toMatchObject({ status: 200, body: { previous: null, results: [second.body] } })
  expect((await bob.get(page.body.next)).body).toMatchObject({ next: null, results: [first.body] })
  expect(await ada.post(url, { content: ' ' })).toMatchObject({ status: 400 })
  for (const reply of [await eve.get(url), await eve.post(url, { content: 'hello' })]) {
    expect(reply).toMatchObject({ status: 404, body: { detail: 'No ChatRoom matches the given query.' } })
  }
})
`
