import type { Notification } from '@confab/contract/notifications/resources'
import { expectStatus, type Person, type Reply, type TestServer } from '@confab/testkit/server'
import type { Subscriber } from '../../realtime/hub.ts'

/** Sends a text; answers the message. */
export async function send(sender: Person, roomId: number, content: string): Promise<{ id: number; no: number }> {
  return expectStatus(await sender.post(`/api/chatrooms/${roomId}/messages/`, { content }), 201).body
}

/** All of somebody's notifications, newest first, once everyone is told of what was sent so far. */
export async function notificationsOf(server: TestServer, person: Person, path = ''): Promise<Notification[]> {
  await server.core.services.notifications.settled(10_000)
  const reply: Reply = expectStatus(await person.get(`/api/notifications/${path}`), 200)
  return reply.body
}

/** Hears the signals of somebody's own topic, as a socket of theirs would. */
export async function listenTo(server: TestServer, person: Person): Promise<{ type: string; data: object }[]> {
  const heard: { type: string; data: object }[] = []
  const subscriber: Subscriber = {
    onEvent: () => {},
    onSignal: ({ type, data }) => heard.push({ type, data }),
    onLost: () => {},
  }
  await server.core.services.realtime.hub.subscribe([`user:${person.id}`], subscriber)
  return heard
}
