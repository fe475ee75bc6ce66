/** The frames of the gateway `/ws/` that are neither a command nor an event. Frames are JSON objects in text frames. */
import Type, { type Static } from 'typebox'
import { Profile } from '../accounts/resources.ts'
import { nullable, Timestamp } from '../fields.ts'
import { Chat } from '../rooms/resources.ts'

/** Offered in `Sec-WebSocket-Protocol`, beside `bearer.<access token>` where the token comes that way. */
export const PROTOCOL = 'confab.v1'

/** Events that are replayed for one topic, at most; of a topic that is further behind the client hears `resync`. */
export const MAX_REPLAY = 1_000

/** Positions by topic: the number of the last event that is known of each. */
export const Positions = Type.Record(Type.String({ pattern: '^(room|user):\\d+$' }), Type.Integer({ minimum: 0 }), {
  examples: [{ 'user:7': 31, 'room:12': 57 }],
})

/**
 * The first frame of a client, within 10 seconds. With `resume` it is told what it missed; `epoch` is that of the last
 * `ready`: positions of another epoch mean nothing.
 */
export const Hello = Type.Object(
  {
    type: Type.Literal('hello'),
    token: Type.Optional(Type.String({ description: 'Where the token came neither as a protocol nor in the URL' })),
    resume: Type.Optional(
      Type.Object({ epoch: Type.String({ examples: ['5f0c9f3e1b7a4c0e'] }), positions: Positions }),
    ),
  },
  { title: 'Hello' },
)

/** A chat in `ready`: the list’s, and how far its topic had come when it was read. */
export const ReadyRoom = Type.Object(
  {
    ...Chat.properties,
    seq: Type.Integer({ minimum: 0, description: 'Events up to this one are in what is said of the room' }),
  },
  { title: 'ReadyRoom' },
)

/** What one knows when it is over: everything for a first screen. After a resume it follows what was replayed. */
export const Ready = Type.Object(
  {
    type: Type.Literal('ready'),
    session: Type.String({ description: 'Names this socket', examples: ['3f0c1f1e-6f0e-4f5b-9a57-0a8f3f6f6a11'] }),
    resumed: Type.Boolean({ description: 'Whether what was missed has been replayed, but for topics with a `resync`' }),
    epoch: Type.String({
      description: 'Changes when the database was restored from a backup',
      examples: ['5f0c9f3e1b7a4c0e'],
    }),
    me: Profile,
    rooms: Type.Array(ReadyRoom, { description: 'The chats of latest activity, 50 at the most' }),
    rooms_next: nullable(Type.String({ format: 'uri', description: 'Where the list of chats goes on' })),
    positions: Positions,
    totals: Type.Object({
      rooms: Type.Integer(),
      unread_rooms: Type.Integer(),
      unread_messages: Type.Integer(),
      unread_notifications: Type.Integer(),
    }),
    server_time: Timestamp,
    token_expires_at: Timestamp,
    heartbeat_ms: Type.Integer({
      description: 'The server pings this often; half as long again in silence is a dead socket',
    }),
    limits: Type.Object({
      message_chars: Type.Integer({ examples: [10_000] }),
      upload_mb: Type.Number({ examples: [10] }),
      group_members: Type.Integer({ examples: [500] }),
      frame_bytes: Type.Integer({ examples: [65_536] }),
      frames_per_second: Type.Integer({
        minimum: 0,
        description: 'On each socket over time, three times as many at once; 0: any number',
        examples: [20],
      }),
      typing_renew_ms: Type.Integer({ examples: [3_000] }),
      typing_expire_ms: Type.Integer({ examples: [6_000] }),
    }),
  },
  { title: 'Ready' },
)
export type Ready = Static<typeof Ready>

/** Of this topic not everything can be told: what is known of it is to be fetched anew. Events after `seq` follow. */
export const Resync = Type.Object(
  { type: Type.Literal('resync'), topic: Type.String({ examples: ['room:12'] }), seq: Type.Integer({ minimum: 0 }) },
  { title: 'Resync' },
)

/** A command was carried out; `data` is what the command answers. */
export const Ack = Type.Object(
  {
    type: Type.Literal('ack'),
    ref: Type.Optional(Type.String()),
    data: Type.Record(Type.String(), Type.Unknown(), { examples: [{}] }),
  },
  { title: 'Ack' },
)

/** A command was not carried out, or a frame was not understood; the socket stays open. */
export const GatewayError = Type.Object(
  {
    type: Type.Literal('error'),
    ref: Type.Optional(Type.String()),
    code: Type.String({ description: 'As in the catalogue of errors', examples: ['room_not_found'] }),
    message: Type.String({ examples: ['No ChatRoom matches the given query.'] }),
    fields: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    retry_after_ms: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { title: 'GatewayError' },
)

/** Either side asks whether the other is there. */
export const Ping = Type.Object({ type: Type.Literal('ping') }, { title: 'Ping' })
export const Pong = Type.Object({ type: Type.Literal('pong') }, { title: 'Pong' })

/** A durable event: the next of its topic. */
export const EventFrame = Type.Object(
  {
    type: Type.String({ examples: ['message.created'] }),
    topic: Type.String({ examples: ['room:12'] }),
    seq: Type.Integer({ minimum: 1 }),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'EventFrame' },
)

/** A passing state; a later one of the same kind replaces it. */
export const SignalFrame = Type.Object(
  { type: Type.String({ examples: ['typing'] }), data: Type.Record(Type.String(), Type.Unknown()) },
  { title: 'SignalFrame' },
)
