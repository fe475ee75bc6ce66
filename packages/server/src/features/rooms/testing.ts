import { topicOf } from '@confab/contract/define-event'
import type { Person, TestServer } from '@confab/testkit/server'

/** What a person was told on their own topic, oldest first, but for notifications. */
export async function toldTo(server: TestServer, person: { id: number }) {
  const events = await server.core.services.realtime.readEvents(topicOf('user', person.id), 0, 1_000)
  return events.filter(({ type }) => !type.startsWith('notification.'))
}

/** What was told in a room, oldest first. */
export function toldIn(server: TestServer, roomId: number) {
  return server.core.services.realtime.readEvents(topicOf('room', roomId), 0, 1_000)
}

/** The direct room that one person opens with another. */
export async function openDirect(one: Person, other: Person): Promise<number> {
  const reply = await one.post('/api/chatrooms/', { participant_ids: [other.id] })
  if (reply.status >= 300) throw new Error(`no direct room: ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply.body.id
}

/** The rooms on the first page of somebody's chats. */
export async function chatsOf(person: Person, query = ''): Promise<{ id: number; chat_name: string }[]> {
  const reply = await person.get(`/api/chatrooms/${query}`)
  return reply.body.results
}

/** Ids as answers list them: ascending. */
export function sorted(...people: { id: number }[]): number[] {
  return people.map((person) => person.id).sort((one, other) => one - other)
}
