/** Checks that look at the gateway and at presence once more, with sockets of their own. */
import type { Ready } from '@confab/contract/gateway/frames'
import type { Actor } from '../client/actions.ts'
import type { Client } from '../client/client.ts'
import { field, Rest } from '../client/rest.ts'
import { Session } from '../client/session.ts'
import type { Address } from '../stack/address.ts'
import type { Stack } from '../stack/stack.ts'
import { until } from '../stack/waiting.ts'
import type { Outcome } from './check.ts'
import { listSeats } from './truth.ts'

/** A node that was killed is forgotten by the others after its time to live; grace periods come on top. */
const PRESENCE_MS = 120_000

/** `ready` of a socket that begins afresh says what the database says, on each of the nodes. */
export async function checkReady({ stack, actors, trace }: Outcome): Promise<void> {
  const seats = Map.groupBy(await listSeats(stack.postgres), ({ user }) => user)
  for (const [index, { client }] of actors.entries()) {
    const node = stack.nodes[index % stack.nodes.length]
    const ready = node && (await readReady(client, node.address))
    if (!ready) {
      trace.violation(`${client.name} got no ready from ${node?.name}`)
      continue
    }
    for (const { room, seq, unread, isHidden } of seats.get(client.id) ?? []) {
      const told = ready.rooms.find(({ id }) => id === room)
      const isRight = isHidden ? !told : told?.seq === seq && told.unread_count === unread
      if (isRight && ready.positions[`room:${room}`] === seq) continue
      trace.violation(
        `ready tells ${client.name} of room ${room}: ${JSON.stringify(told)}; it is at ${seq} with ${unread} unread`,
        `room:${room}`,
      )
    }
  }
}

async function readReady(client: Client, address: Address): Promise<Ready | undefined> {
  await client.renew()
  const { promise, resolve } = Promise.withResolvers<Ready | undefined>()
  const session = new Session({
    address,
    token: client.rest.token,
    hello: {},
    events: {
      onFrame: (frame) => frame.kind === 'ready' && resolve(frame.ready),
      onStrange: () => {},
      onClose: () => resolve(undefined),
    },
  })
  const ready = await promise
  session.close()
  return ready
}

/** Half of the people go: everybody else, on whichever node, sees who is there and who is not. */
export async function checkPresence({ stack, actors, trace }: Outcome): Promise<void> {
  const gone = new Set(actors.filter((_, index) => index % 2 === 1).map(({ client }) => client.id))
  for (const { client } of actors) if (gone.has(client.id)) client.disconnect()
  const observers = actors.filter(({ client }) => !gone.has(client.id))
  for (const node of stack.nodes) {
    let wrong: string[] = []
    const isTrue = await until(async () => {
      wrong = await listWrongPresence(node, observers, gone)
      return wrong.length === 0
    }, PRESENCE_MS)
    if (!isTrue) trace.violation(`${node.name} is wrong about who is there: ${wrong.slice(0, 20).join(', ')}`)
  }
}

async function listWrongPresence(
  node: Stack['nodes'][number],
  observers: readonly Actor[],
  gone: ReadonlySet<number>,
): Promise<string[]> {
  const wrong = new Map<string, string>()
  for (const { client } of observers) {
    const rest = new Rest(node.address, client.trace)
    rest.token = client.rest.token
    for (const room of client.follower.rooms) {
      const answer = await rest.call('GET', `/api/chatrooms/${room.id}/`)
      if (answer?.status === 401) await client.renew()
      const people: unknown = field(answer?.body, 'participants')
      if (!Array.isArray(people)) return [`no answer for room ${room.id}`]
      for (const person of people) {
        const id = Number(field(person, 'id'))
        const isOnline = field(person, 'online_status') === true
        if (isOnline === gone.has(id)) wrong.set(String(id), `user ${id} ${isOnline ? 'online' : 'offline'}`)
      }
    }
  }
  return [...wrong.values()]
}
