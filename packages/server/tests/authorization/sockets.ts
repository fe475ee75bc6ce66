import { expect } from 'vitest'
import type { Role, Scene } from './scene.ts'

/** A socket, and who gets it. */
export type SocketRoute = Readonly<{
  address: string
  path: (scene: Scene) => string | Promise<string>
  expects: Readonly<Record<Role, string>>
}>

const refused = 'refused: 403'
const loggedIn = { anonymous: refused, outsider: 'open', member: 'open', admin: 'open', sender: 'open', staff: 'open' }

export const socketRoutes: readonly SocketRoute[] = [
  // Whoever has brought no token yet brings it in the first frame, or is sent away.
  { address: '/ws/', path: () => '/ws/', expects: { ...loggedIn, anonymous: 'open' } },
  {
    address: '/ws/chat/{room}/',
    path: async (scene) => `/ws/chat/${await scene.room()}/`,
    expects: { ...loggedIn, outsider: refused, staff: refused },
  },
  { address: '/ws/sidebar/', path: () => '/ws/sidebar/', expects: loggedIn },
  { address: '/ws/notifications/', path: () => '/ws/notifications/', expects: loggedIn },
]

/** A frame of clients, and the proof that it reaches only what is its sender's. */
export type ClientFrame = Readonly<{ name: string; prove: (scene: Scene) => Promise<void> }>

export const clientFrames: readonly ClientFrame[] = [
  { name: 'StartTyping', prove: (scene) => proveTyping(scene, 'typing') },
  { name: 'StopTyping', prove: (scene) => proveTyping(scene, 'stop_typing') },
  { name: 'ReadMessage', prove: proveReading },
  { name: 'MarkRead', prove: proveMarking },
  { name: 'MarkAllRead', prove: proveMarkingAll },
  { name: 'GetUnread', prove: proveListing },
]

/** Whoever types is named as who they are, and in the room of the socket only, whatever the frame says. */
async function proveTyping(scene: Scene, type: 'typing' | 'stop_typing'): Promise<void> {
  const { admin, member, outsider, target } = scene.cast
  const room = await scene.room()
  const elsewhere = (await scene.stage.server.group(outsider, [target], 'elsewhere')).id
  const [members, admins, outsiders] = await Promise.all([
    member.connect(`/ws/chat/${room}/`),
    admin.connect(`/ws/chat/${room}/`),
    outsider.connect(`/ws/chat/${elsewhere}/`),
  ])
  outsiders.send({ type, room, username: admin.username })
  await outsiders.ping()
  members.send({ type: 'typing', room: elsewhere, username: admin.username })
  if (type === 'stop_typing') members.send({ type, room: elsewhere, username: admin.username })
  expect(await admins.next(type)).toEqual({ type, username: member.username })
  const others = [...admins.pending(), ...outsiders.pending()].filter((frame) => 'username' in frame)
  expect(others.map((frame) => frame.username)).not.toContain(admin.username)
  expect(outsiders.pending().map((frame) => frame.username)).not.toContain(member.username)
}

/** A message of another room cannot be read from the socket of one's own. */
async function proveReading(scene: Scene): Promise<void> {
  const { member, outsider, target } = scene.cast
  const [room, message] = [await scene.room(), await scene.message()]
  const elsewhere = (await scene.stage.server.group(outsider, [target], 'elsewhere')).id
  const outsiders = await outsider.connect(`/ws/chat/${elsewhere}/`)
  outsiders.send({ type: 'read_message', message_id: message, room })
  expect(await outsiders.next()).toEqual({ type: 'error', message: 'No Message matches the given query.' })
  expect(await receiptsOf(scene, message)).toEqual([])

  const members = await member.connect(`/ws/chat/${room}/`)
  members.send({ type: 'read_message', message_id: message })
  expect(await members.next('message.read')).toMatchObject({ message_id: message, reader: { id: member.id } })
  expect(await receiptsOf(scene, message)).toEqual([member.id])
}

async function receiptsOf(scene: Scene, message: number): Promise<number[]> {
  const path = `/api/chatrooms/${await scene.room()}/messages/${message}/message_read_status/`
  const { body } = await scene.cast.sender.get(path)
  return body.map((status: { user: { id: number } }) => status.user.id)
}

async function isRead(scene: Scene): Promise<boolean> {
  return (await scene.cast.sender.get(`/api/notifications/${await scene.notification()}/`)).body.is_read
}

/** Another's notification can neither be marked nor told from one that is not there. */
async function proveMarking(scene: Scene): Promise<void> {
  const id = await scene.notification()
  for (const role of ['outsider', 'member', 'admin', 'staff'] as const) {
    const socket = await scene.cast[role].connect('/ws/notifications/')
    for (const notification_id of [id, 987_654_321]) {
      socket.send({ action: 'mark_read', notification_id })
      expect(await socket.next('mark_read_response')).toMatchObject({ notification_id, success: false })
    }
    expect(await isRead(scene), role).toBe(false)
  }
  const own = await scene.cast.sender.connect('/ws/notifications/')
  own.send({ action: 'mark_read', notification_id: id })
  expect(await own.next('mark_read_response')).toMatchObject({ success: true })
  expect(await isRead(scene)).toBe(true)
}

async function proveMarkingAll(scene: Scene): Promise<void> {
  await scene.notification()
  const other = await scene.cast.outsider.connect('/ws/notifications/')
  other.send({ action: 'mark_all_read', user_id: scene.cast.sender.id })
  await other.next('mark_all_read_response')
  expect(await isRead(scene)).toBe(false)
  const own = await scene.cast.sender.connect('/ws/notifications/')
  own.send({ action: 'mark_all_read' })
  expect(await own.next('mark_all_read_response')).toMatchObject({ success: true })
  expect(await isRead(scene)).toBe(true)
}

async function proveListing(scene: Scene): Promise<void> {
  const id = await scene.notification()
  const other = await scene.cast.staff.connect('/ws/notifications/')
  other.send({ action: 'get_unread', user_id: scene.cast.sender.id })
  const { notifications } = await other.nextWhere((frame) => frame.type === 'notification_list')
  expect(JSON.stringify(notifications)).not.toContain(scene.secret)
  const own = await scene.cast.sender.connect('/ws/notifications/')
  expect(JSON.stringify(await own.next('notification_list'))).toContain(`"id":${id}`)
}
