import { Api, type Reply } from '@confab/testkit/api'
import { expectStatus, PASSWORD, userIdOf } from '@confab/testkit/server'

/** A message as clients see it. */
export type Message = Readonly<{ id: number; no: number; client_id: string; content: string; timestamp: string }>

/** A message that somebody wants to send, under a client_id of its own. */
export type Draft = Readonly<{ person: number; room: number; clientId: string }>

/** Some people and the rooms they share, on a server that may be at another address after every start. */
export type Community = Readonly<{
  tokens: readonly string[]
  rooms: readonly Room[]
}>

/** A room and its members, by their places in the community. */
export type Room = Readonly<{ id: number; people: readonly number[] }>

const names = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay']

/** Who shares a room with whom; two are a direct room. */
const circles = [
  [0, 1],
  [0, 1, 2, 3, 4, 5],
  [0, 1, 2],
  [3, 4, 5],
  [1, 3, 5],
]

/** Registers the people and opens their rooms. */
export async function foundCommunity(url: string): Promise<Community> {
  const tokens: string[] = []
  for (const username of names) {
    const account = { username, password: PASSWORD, confirm_password: PASSWORD }
    tokens.push(expectStatus(await new Api(url).post('/api/register/', account), 201).body.tokens.access)
  }
  const rooms: Room[] = []
  for (const [founder = 0, ...others] of circles) {
    const participants = others.map((person) => userIdOf(tokens[person] ?? ''))
    const reply = await new Api(url, tokens[founder]).post('/api/chatrooms/', {
      participant_ids: participants,
      ...(others.length > 1 ? { room_name: `of ${others.length + 1}` } : {}),
    })
    rooms.push({ id: expectStatus(reply, 201).body.id, people: [founder, ...others] })
  }
  return { tokens, rooms }
}

/** The API of a server, as one of the people. */
export function apiOf({ tokens }: Community, url: string, person: number): Api {
  return new Api(url, tokens[person])
}

/** Sends a draft. */
export function send(community: Community, url: string, { person, room, clientId }: Draft): Promise<Reply> {
  const body = { content: `says ${clientId}`, client_id: clientId }
  return apiOf(community, url, person).post(`/api/chatrooms/${room}/messages/`, body)
}

/** All messages of a room, oldest first, page by page as a client reads them. */
export async function readHistory(community: Community, url: string, room: Room, reader: number): Promise<Message[]> {
  const api = apiOf(community, url, reader)
  const messages: Message[] = []
  let next: string | null = `/api/chatrooms/${room.id}/messages/?ordering=timestamp&limit=100`
  while (next !== null) {
    const { body }: Reply = expectStatus(await api.get(next), 200)
    messages.push(...body.results)
    next = body.next
  }
  return messages
}
