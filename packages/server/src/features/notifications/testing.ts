import type { Notification } from '@confab/contract/notifications/resources'
import { expectStatus, type Person, type Reply, type TestServer } from '@confab/testkit/server'
import { inTransaction } from '../../ctx.ts'
import type { Subscriber } from '../../realtime/hub.ts'
import { notify } from './service.ts'

/** An event of somebody's own topic. */
export type Told = Readonly<{ type: string; seq: number; data: object }>

/** Sends a text; answers the message. */
export async function send(sender: Person, roomId: number, content: string): Promise<{ id: number; no: number }> {
  return expectStatus(await sender.post(`/api/chatrooms/${roomId}/messages/`, { content }), 201).body
}

/** Tells somebody things, one after the other; the last is the newest. */
export async function tellBySystem(server: TestServer, person: Person, ...texts: string[]): Promise<void> {
  await inTransaction(server.core, async (tx) => {
    for (const content of texts) await notify(tx, { type: 'system', userIds: [person.id], content })
  })
}

/** All of somebody's notifications, newest first, once everyone is told of what was sent so far. */
export async function notificationsOf(server: TestServer, person: Person, path = ''): Promise<Notification[]> {
  await server.core.services.notifications.settled(10_000)
  const reply: Reply = expectStatus(await person.get(`/api/notifications/${path}`), 200)
  return reply.body
}

/** Hears of somebody's notifications in their own topic, as a socket of theirs would. */
export async function listenTo(server: TestServer, person: Person): Promise<Told[]> {
  const heard: Told[] = []
  const subscriber: Subscriber = {
    onEvent: ({ type, seq, data }) => {
      if (type.startsWith('notification.')) heard.push({ type, seq, data })
    },
    onSignal: () => {},
    onLost: () => {},
  }
  await server.core.services.realtime.hub.subscribe([`user:${person.id}`], subscriber)
  return heard
}
