/** The gateway as a whole: its path, and every frame that goes either way. */
import Type, { type TObject } from 'typebox'
import { defineSocket } from '../define-socket.ts'
import { durableEvents, signals } from '../events.ts'
import { type CommandDefinition, commands } from './commands.ts'
import { Ack, GatewayError, Hello, Ping, Pong, Ready, Resync } from './frames.ts'

/** `message.created` → `MessageCreated`. */
function titleOf(name: string, ending: string): string {
  const words = name.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return words.join('') + ending
}

const named = <Definition extends { name: string }>(definitions: readonly Definition[]) => [
  ...new Map(definitions.map((definition) => [definition.name, definition])).values(),
]

const eventFrames: TObject[] = named(durableEvents).map(({ name, topic, data }) =>
  Type.Object(
    {
      type: Type.Literal(name),
      topic: Type.String({ examples: [`${topic}:12`] }),
      seq: Type.Integer({ minimum: 1, examples: [57] }),
      data,
    },
    { title: titleOf(name, 'Event') },
  ),
)

const signalFrames: TObject[] = named(signals).map(({ name, data }) =>
  Type.Object({ type: Type.Literal(name), data }, { title: titleOf(name, 'Signal') }),
)

const commandFrames: TObject[] = commands.map((command: CommandDefinition) =>
  Type.Object(
    {
      type: Type.Literal(command.name),
      ref: Type.Optional(Type.String({ maxLength: 100, description: 'Comes back in the answer', examples: ['1'] })),
      ...command.data.properties,
    },
    { title: titleOf(command.name, 'Command'), description: command.summary },
  ),
)

/** The one socket for everything; see `docs/realtime.md` for how to use it. */
export const gatewaySocket = defineSocket({
  name: 'gateway',
  path: '/ws/',
  summary:
    'Everything one follows, on one socket, with resume. The token comes as subprotocol `bearer.<token>` beside ' +
    '`confab.v1`, in the first frame, or in the query.',
  sends: [Ready, Resync, Ack, GatewayError, Ping, Pong, ...eventFrames, ...signalFrames],
  takes: [Hello, Ping, Pong, ...commandFrames],
})
