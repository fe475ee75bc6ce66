import { GatewaySocket } from './gateway-socket.ts'

/** Handshakes under way at a time. */
const HANDSHAKES = 100

/** Where the name of a frame begins: after `{"type":"`. */
const NAME_AT = 9

/** Checks that a frame is of this type, without parsing it: `type` comes first in all but `ready`. */
export function isFrame(payload: Buffer, type: string): boolean {
  const end = NAME_AT + type.length
  return payload.toString('latin1', NAME_AT, end) === type && payload[end] === 0x22
}

/** What an open socket tells; `ready` is kept from it. */
export type GatewayEvents = Readonly<{
  onText(payload: Buffer): void
  /** The server or the network has closed it. */
  onClose(code: number, reason: string): void
}>

/**
 * Opens a socket of the gateway and says `hello`.
 *
 * @param events of what comes after `ready`, and of closing at any time after the handshake
 * @param resume what is known, for `hello`
 * @returns the socket, once it is ready, and its `ready` frame
 * @throws Error where the server refuses, or closes before that
 */
export async function openGateway(
  url: string,
  events: GatewayEvents,
  { resume, onReplay }: { resume?: object | undefined; onReplay?: (payload: Buffer) => void } = {},
): Promise<{ socket: GatewaySocket; ready: string }> {
  const starting = Promise.withResolvers<string>()
  let isReady = false
  const socket = await GatewaySocket.connect(url, {
    onText(payload) {
      if (isReady) events.onText(payload)
      else if (payload.includes('"type":"ready"')) {
        isReady = true
        starting.resolve(payload.toString())
      } else onReplay?.(payload)
    },
    onClose(code, reason) {
      starting.reject(new Error(`closed with ${code} ${reason.split(':')[0]} before it was ready`))
      events.onClose(code, reason)
    },
  })
  socket.send(JSON.stringify({ type: 'hello', ...(resume && { resume }) }))
  return { socket, ready: await starting.promise }
}

/** Opens many, in the order of the list, so many at a time. */
export async function openGateways(
  urls: readonly string[],
  eventsOf: (index: number) => GatewayEvents,
): Promise<GatewaySocket[]> {
  const sockets: GatewaySocket[] = []
  const entries = urls.entries()
  const openInTurn = async () => {
    for (const [index, url] of entries) sockets[index] = (await openGateway(url, eventsOf(index))).socket
  }
  await Promise.all(Array.from({ length: HANDSHAKES }, openInTurn))
  return sockets
}
