import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Handshakes under way at a time: enough to keep a server busy, too few to fill its queue of connections. */
const HANDSHAKES = 100

/** Opens sockets, each given to `onOpen` with its place in the list before its first frame. */
export async function openSockets(
  origin: string,
  paths: readonly string[],
  onOpen: (socket: WebSocket, index: number) => void = () => {},
): Promise<WebSocket[]> {
  const base = origin.replace(/^http/, 'ws')
  const sockets: WebSocket[] = []
  let next = 0
  const openInTurn = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      const socket = new WebSocket(`${base}${paths[index]}`, { perMessageDeflate: false, skipUTF8Validation: true })
      onOpen(socket, index)
      await once(socket, 'open')
      socket.on('error', () => {})
      sockets.push(socket)
    }
  }
  await Promise.all(Array.from({ length: HANDSHAKES }, openInTurn))
  return sockets
}
