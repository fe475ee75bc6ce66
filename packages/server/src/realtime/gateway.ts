/**
 * The gateway `/ws/`: one socket for everything somebody follows.
 *
 * What it does: after the client's `hello` it follows the person's own topic and those of their rooms, reads a snapshot,
 * replays what the client missed, says `ready`, and from then on passes on what happens. Commands are carried out by the
 * same services as over REST.
 * Guarantees: of each topic the client gets, in order and once, every event after the position it resumes from, or a
 * `resync` in their place; nothing from a room after the person's removal from it; a command is answered with its `ref`.
 * Order: listen first, then read, then flush what came meanwhile above the positions read. Commands of a socket begin in
 * the order in which they came.
 * On failure: where the database is away during the start the socket is closed and told when to come back.
 */
import type { CommandHandler } from './command.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { Replays } from './gateway-replay.ts'
import { GatewaySession } from './gateway-session.ts'
import { Slots } from './slots.ts'
import type { SocketRoute } from './socket-server.ts'

/** Sockets that may be starting at the same time; the others wait, so that a storm does not starve those who talk. */
const STARTS_AT_ONCE = 16

/** The gateway: how its sockets are served, and what is going on there. */
export type Gateway = Readonly<{
  route: SocketRoute
  /** How many sockets wait for their turn to start. */
  countWaiting(): number
  /** Bytes of what clients missed that are told to them and that they have not taken yet. */
  countUntakenBytes(): number
}>

/** Makes the gateway of a server. */
export function createGateway(options: GatewayOptions): Gateway {
  const starts = new Slots(STARTS_AT_ONCE)
  const replays = new Replays()
  const handlers = new Map<string, CommandHandler>(
    options.commands.map((handler) => [handler.definition.name, handler]),
  )
  return {
    route: {
      kind: 'open',
      pattern: /^\/ws$/,
      open: (handshake) => new GatewaySession({ ...options, starts, replays, handlers }, handshake),
    },
    countWaiting: () => starts.waiting,
    countUntakenBytes: () => replays.untakenBytes,
  }
}
