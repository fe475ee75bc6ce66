/** For tests of the gateway, and of what servers tell each other. */
import type { Person, TestServer } from '@confab/testkit/server'
import { type Frame, TestSocket } from '@confab/testkit/socket'
import { onTestFinished, vi } from 'vitest'

/** How far a client has come. */
export type Position = { epoch: string; positions: Record<string, number> }

/** A socket of the gateway that has started, and all that came before `ready`. */
type Greeted = Readonly<{ socket: TestSocket; ready: Frame & Position; before: readonly Frame[] }>

/** Opens the gateway and says hello as a client does that is new, or comes back from somewhere. */
export async function greetGateway(server: TestServer, person: Person, resume?: Position): Promise<Greeted> {
  const protocols = ['confab.v1', `bearer.${person.token}`]
  const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/`, { protocols })
  server.sockets.push(socket)
  socket.send({ type: 'hello', ...(resume ? { resume } : {}) })
  const before: Frame[] = []
  for (;;) {
    // What was missed may be a megabyte, on a machine that has other things to do.
    const frame = await socket.next(undefined, 30_000)
    if (frame.type === 'ready') return { socket, ready: frame as Frame & Position, before }
    // A beat may come at any time.
    if (frame.type !== 'ping') before.push(frame)
  }
}

/** Frames without those of notifications: of what was said they come whenever they are made. */
export function withoutNotifications(frames: readonly Frame[]): Frame[] {
  return frames.filter(({ type }) => !String(type).startsWith('notification.'))
}

/**
 * From now on these servers do not look into the log by themselves: what one hears of another has come by the bus. To be
 * called in a test, with which it ends.
 *
 * @returns what ends it before that
 */
export function leaveOnlyTheBus(...servers: readonly TestServer[]): () => void {
  const checks = servers.map(({ core }) => vi.spyOn(core.services.realtime.hub, 'checkPositions').mockResolvedValue())
  const end = () => {
    for (const check of checks) check.mockRestore()
  }
  onTestFinished(end)
  return end
}

/**
 * Starts servers that do nothing by themselves from time to time, such as to look into the log or whether sessions have
 * ended: what they come to know they are told.
 */
export async function withoutIntervals<T>(start: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  try {
    return await start()
  } finally {
    vi.useRealTimers()
  }
}
