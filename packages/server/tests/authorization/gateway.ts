/** The frames that the gateway takes: each does for a role what the same call by REST would, and no more. */
import { randomUUID } from 'node:crypto'
import { type Frame, TestSocket } from '@confab/testkit/socket'
import { expect } from 'vitest'
import { type Role, roles, Scene } from './scene.ts'
import type { ClientFrame } from './sockets.ts'

type Outcomes = Readonly<Record<Exclude<Role, 'anonymous'>, string>>

const members: Outcomes = {
  outsider: 'room_not_found',
  member: 'ack',
  admin: 'ack',
  sender: 'ack',
  staff: 'room_not_found',
}

const everyone: Outcomes = { outsider: 'ack', member: 'ack', admin: 'ack', sender: 'ack', staff: 'ack' }

type Command = Readonly<{ name: string; expects: Outcomes; frame: (scene: Scene) => Promise<object> }>

const inRoom = (type: string) => async (scene: Scene) => ({ type, room: await scene.room() })
const ofMessage = (type: string) => async (scene: Scene) => ({
  type,
  room: await scene.room(),
  id: await scene.message(),
  content: 'other',
})

const commands: readonly Command[] = [
  {
    name: 'MessageSendCommand',
    expects: members,
    frame: async (scene) => ({
      type: 'message.send',
      room: await scene.room(),
      content: 'hello',
      client_id: randomUUID(),
    }),
  },
  {
    name: 'MessageEditCommand',
    expects: { ...members, member: 'not_allowed', admin: 'not_allowed' },
    frame: ofMessage('message.edit'),
  },
  { name: 'MessageDeleteCommand', expects: { ...members, member: 'not_allowed' }, frame: ofMessage('message.delete') },
  {
    name: 'RoomReadCommand',
    expects: members,
    frame: async (scene) => ({ type: 'room.read', room: await scene.room(), message_id: await scene.message() }),
  },
  { name: 'TypingStartCommand', expects: members, frame: inRoom('typing.start') },
  { name: 'TypingStopCommand', expects: members, frame: inRoom('typing.stop') },
  // Everyone may ask and say this; what they are told is in the tests of presence.
  {
    name: 'PresenceWatchCommand',
    expects: everyone,
    frame: async ({ cast }) => ({ type: 'presence.watch', users: [cast.target.id] }),
  },
  { name: 'PresenceSetCommand', expects: everyone, frame: async () => ({ type: 'presence.set', status: 'away' }) },
]

export const gatewayFrames: readonly ClientFrame[] = [
  { name: 'Hello', prove: proveHello },
  { name: 'AuthRefreshCommand', prove: proveRefresh },
  { name: 'Ping', prove: (scene) => proveBeat(scene, 'ping', ['pong']) },
  { name: 'Pong', prove: (scene) => proveBeat(scene, 'pong', []) },
  ...commands.map((command) => ({ name: command.name, prove: (scene: Scene) => proveCommand(scene, command) })),
]

const loggedIn = roles.filter((role) => role !== 'anonymous')

/** A refused command changes nothing, and its author learns nothing of the room. */
async function proveCommand({ stage }: Scene, { expects, frame }: Command): Promise<void> {
  const outcomes: Partial<Record<Role, unknown>> = {}
  for (const role of loggedIn) {
    const scene = new Scene(stage)
    const asked = { ...(await frame(scene)), ref: 'asked' }
    const { socket } = await greet(scene, role)
    const before = await scene.snapshot()
    socket.send(asked)
    const answer = await socket.nextWhere(({ ref }) => ref === 'asked')
    outcomes[role] = answer.type === 'error' ? answer.code : answer.type
    if (expects[role] === 'ack') continue
    expect(await scene.snapshot(), `${role} changed something`).toEqual(before)
    if (expects[role] === 'room_not_found') expect(JSON.stringify(answer)).not.toContain(scene.secret)
  }
  expect(outcomes).toEqual(expects)
}

/** Nothing is told without a token, and nothing of rooms that are not one's own, whatever one asks to resume. */
async function proveHello(scene: Scene): Promise<void> {
  const [room] = [await scene.room(), await scene.message()]
  const stranger = await connect(scene, 'anonymous')
  stranger.send({ type: 'hello' })
  expect(await stranger.closed()).toMatchObject({ code: 4502 })
  expect(stranger.pending()).toEqual([])

  for (const role of loggedIn) {
    const isMember = role !== 'outsider' && role !== 'staff'
    const { frames: first } = await greet(scene, role)
    const epoch = first.at(-1)?.epoch
    const { frames, socket } = await greet(scene, role, { epoch, positions: { [`room:${room}`]: 0 } })
    const told = JSON.stringify(frames)
    expect([role, told.includes(scene.secret)]).toEqual([role, isMember])
    expect([role, told.includes(`"room:${room}"`)]).toEqual([role, isMember])
    await socket.close()
  }
}

/** Whoever they are, and before they say it: what they hear is at most that the server is there, and nothing changes. */
async function proveBeat(scene: Scene, type: 'ping' | 'pong', answers: readonly string[]): Promise<void> {
  await scene.message()
  for (const role of roles) {
    const socket = await connect(scene, role)
    const before = await scene.snapshot()
    socket.send({ type })
    await socket.ping()
    expect([role, socket.pending().map((frame) => frame.type)]).toEqual([role, answers])
    expect(await scene.snapshot(), `${role} changed something`).toEqual(before)
    await socket.close()
  }
}

/** Another person's token does not make the socket theirs. */
async function proveRefresh(scene: Scene): Promise<void> {
  const { member, target } = scene.cast
  const { socket } = await greet(scene, 'member')
  socket.send({ type: 'auth.refresh', token: target.token, ref: 'another' })
  expect(await socket.nextWhere(({ ref }) => ref === 'another')).toMatchObject({ type: 'error' })
  const own = await greet(scene, 'member')
  own.socket.send({ type: 'auth.refresh', token: member.token, ref: 'own' })
  expect(await own.socket.nextWhere(({ ref }) => ref === 'own')).toMatchObject({ type: 'ack' })
}

async function connect(scene: Scene, role: Role): Promise<TestSocket> {
  const { url, sockets } = scene.stage.server
  const { token } = scene.as(role)
  const protocols = ['confab.v1', ...(token ? [`bearer.${token}`] : [])]
  const socket = await TestSocket.open(`${url.replace(/^http/, 'ws')}/ws/`, { protocols })
  sockets.push(socket)
  return socket
}

/** Says hello, and gives what came up to and including `ready`. */
async function greet(scene: Scene, role: Role, resume?: object): Promise<{ socket: TestSocket; frames: Frame[] }> {
  const socket = await connect(scene, role)
  socket.send({ type: 'hello', ...(resume ? { resume } : {}) })
  const frames: Frame[] = []
  for (let frame = await socket.next(); ; frame = await socket.next()) {
    frames.push(frame)
    if (frame.type === 'ready') return { socket, frames }
  }
}
