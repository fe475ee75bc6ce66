import diagnostics from 'node:diagnostics_channel'
import type { Endpoint } from '@confab/contract/endpoint'
import type { Reply } from '@confab/testkit/api'
import { TestSocket } from '@confab/testkit/socket'
import type { FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'
import { gatewayFrames } from './authorization/gateway.ts'
import { type Call, matrix, plainRoutes } from './authorization/matrix.ts'
import { openStage, type Role, roles, Scene } from './authorization/scene.ts'
import { clientFrames, socketRoutes } from './authorization/sockets.ts'

const registered = new Set<string>()
const onServer = (message: unknown) => {
  if (isInitialization(message)) message.fastify.addHook('onRoute', ({ url }) => void registered.add(url))
}
diagnostics.subscribe('fastify.initialization', onServer)
const stage = await openStage()
diagnostics.unsubscribe('fastify.initialization', onServer)
const { endpoints } = stage.server
const frames = [...clientFrames, ...gatewayFrames]

describe('the matrix', () => {
  test('has every endpoint that is served, and none that is not', () => {
    expect(Object.keys(matrix).sort()).toEqual(endpoints.map((endpoint) => endpoint.operationId).sort())
  })

  test('has every route that is no endpoint', () => {
    const paths = new Set(endpoints.map((endpoint) => endpoint.path))
    const others = [...registered].filter((url) => !paths.has(url) && url !== '*' && url !== '/media/:kind/:key')
    expect(Object.keys(plainRoutes).sort()).toEqual(others.sort())
  })

  test('has every socket that is published, and every frame that each takes', async () => {
    const { channels, operations } = (await stage.server.anonymous.get('/api/schema/asyncapi/?format=json')).body
    const published = Object.values<{ address: string }>(channels).map(({ address }) => address)
    expect(socketRoutes.map((route) => route.address).sort()).toEqual(published.sort())
    const taken = Object.values<{ action: string; messages: { $ref: string }[] }>(operations)
      .filter(({ action }) => action === 'receive')
      .flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split('/').at(-1)))
    expect(frames.map((frame) => frame.name).sort()).toEqual(taken.sort())
  })
})

describe('each role gets its answer from', () => {
  test.each(callsOf(endpoints))('$name', async ({ endpoint, call }) => {
    const statuses: Partial<Record<Role, number>> = {}
    for (const role of roles) statuses[role] = await play(endpoint, call, role)
    expect(statuses).toEqual(call.expects)
  })

  test.each(Object.keys(plainRoutes))('%s', async (url) => {
    const scene = new Scene(stage)
    for (const { expects, paths } of [plainRoutes[url] ?? []].flat()) {
      for (const path of await paths(scene)) {
        for (const role of roles) {
          const { status } = await scene.as(role).get(path)
          expect([path, role, status]).toEqual([path, role, expects])
        }
      }
    }
  })
})

describe('each role gets its socket, or none, at', () => {
  test.each(socketRoutes)('$address', async ({ path, expects }) => {
    const scene = new Scene(stage)
    await scene.message()
    const outcomes: Partial<Record<Role, string>> = {}
    for (const role of roles) outcomes[role] = await connect(scene, role, await path(scene))
    expect(outcomes).toEqual(expects)
  })
})

describe('a frame does what its sender may do, and nothing else:', () => {
  test.each(frames)('$name', async (frame) => {
    await frame.prove(new Scene(stage))
  })
})

/** What Fastify publishes when an instance is made. */
function isInitialization(message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}

type Cell = { name: string; endpoint: Endpoint; call: Call }

function callsOf(all: readonly Endpoint[]): Cell[] {
  return all.flatMap((endpoint) =>
    [matrix[endpoint.operationId] ?? []]
      .flat()
      .map((call, index) => ({ name: `${endpoint.operationId}${index > 0 ? ` (${index + 1})` : ''}`, endpoint, call })),
  )
}

/**
 * Plays one call of one role in a scene of its own. A refused call changes nothing; who is not in the room learns
 * nothing of it; and what is hidden is answered like what is not there.
 */
async function play(endpoint: Endpoint, call: Call, role: Role): Promise<number> {
  const scene = new Scene(stage)
  await scene.clear()
  await scene.message()
  const path = await pathIn(scene, endpoint, call)
  const body = endpoint.body ? await call.body?.(scene, role) : undefined
  const isRefused = call.expects[role] >= 400
  const before = isRefused ? await scene.snapshot() : undefined
  const reply = await scene.as(role).request(endpoint.method, path, body)
  if (isRefused) expect(await scene.snapshot(), `${role} changed something`).toEqual(before)
  if (reply.status === 404) await expectLikeMissing(scene, { endpoint, role, body, reply, path })
  const isStranger = role === 'anonymous' || role === 'outsider' || role === 'staff'
  // Whoever has the link may see whose it is and come in, and is a member then.
  if (isStranger && !['joinRoom', 'getInvitation'].includes(endpoint.operationId))
    expect(JSON.stringify(reply.body ?? '')).not.toContain(scene.secret)
  return reply.status
}

type Played = { endpoint: Endpoint; role: Role; body: unknown; reply: Reply; path: string }

async function expectLikeMissing(scene: Scene, { endpoint, role, body, reply, path }: Played): Promise<void> {
  const missing = path.replace(/\d+/g, '987654321')
  const { status, body: said } = await scene.as(role).request(endpoint.method, missing, body)
  expect({ status, body: said }, `${role}: hidden and missing look alike`).toEqual({ status: 404, body: reply.body })
}

async function pathIn(scene: Scene, endpoint: Endpoint, call: Call): Promise<string> {
  let path: string = endpoint.path
  for (const [parameter, collection, find] of parametersOf(scene)) {
    if (path.includes(`${collection}${parameter}`)) path = path.replace(parameter, String(await find()))
  }
  expect(path, 'the matrix knows every parameter').not.toContain(':')
  return path + ((await call.query?.(scene)) ?? '')
}

type Finder = () => string | number | Promise<string | number>

/** What a parameter names, by the collection that it follows. */
function parametersOf(scene: Scene): [parameter: string, collection: string, find: Finder][] {
  return [
    [':share_id', '/chatrooms/join/', () => scene.shareId()],
    [':room', '/chatrooms/', () => scene.room()],
    [':id', '/chatrooms/', () => scene.room()],
    [':id', '/messages/', () => scene.message()],
    [':id', '/friend-requests/', () => scene.friendRequest()],
    [':id', '/friends/', () => scene.friend()],
    [':id', '/users/', () => scene.cast.target.id],
    [':id', '/notifications/', () => scene.notification()],
    [':id', '/sessions/', () => scene.session()],
  ]
}

/** `open`, or the status with which the handshake was refused. */
async function connect(scene: Scene, role: Role, path: string): Promise<string> {
  const token = scene.as(role).token
  try {
    const socket = await TestSocket.open(
      `${stage.server.url.replace(/^http/, 'ws')}${path}${token ? `?token=${token}` : ''}`,
    )
    await socket.close()
    return 'open'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
