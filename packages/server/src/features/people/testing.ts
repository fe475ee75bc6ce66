import { randomBytes } from 'node:crypto'
import { topicOf } from '@confab/contract/define-event'
import { expectStatus, type Person, type Reply, type TestServer } from '@confab/testkit/server'

/** The events of somebody's own topic so far, oldest first: of some types where those are named, else all but notifications. */
export async function eventsOf(server: TestServer, person: Person, ...types: string[]) {
  const events = await server.core.services.realtime.readEvents(topicOf('user', person.id), 0, 1_000)
  return events
    .filter(({ type }) => (types.length === 0 ? !type.startsWith('notification.') : types.includes(type)))
    .map(({ type, data }) => ({ type, data }))
}

/** Asks somebody to be friends; answers the id of the request. */
export async function ask(from: Person, to: Person): Promise<number> {
  return expectStatus(await from.post('/api/friend-requests/', { to_user: to.id }), 201).body.id
}

/** The direct rooms of somebody with another person. */
export async function directRooms(person: Person, other: Person): Promise<{ id: number }[]> {
  const chats = expectStatus(await person.get(`/api/chatrooms/?search=${other.username}`), 200)
  return chats.body.results.filter((chat: { is_group: boolean }) => !chat.is_group)
}

/** The address that the `Link` header of a list goes on at; undefined at its end. */
export function nextOf(reply: Reply): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1]
}

/** How many of the replies have each status. */
export function countStatuses(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** What sets a stored user apart from another, besides the username. */
export type Stored = Readonly<{ username: string; first_name?: string; last_name?: string }>

/** Stores people without the cost of a password; nobody can log in as them. Answers their ids in the same order. */
export async function storeUsers(server: TestServer, people: readonly Stored[]): Promise<number[]> {
  const rows = people.map((person) => ({ password_hash: '', ...person }))
  if (rows.length === 0) return []
  const stored = await server.database.kysely.insertInto('users').values(rows).returning(['id', 'username']).execute()
  return people.map(({ username }) => stored.find((row) => row.username === username)?.id ?? 0)
}

/** Something that no other person of the tests has in their name. */
export const uniqueWord = () => randomBytes(6).toString('hex')
