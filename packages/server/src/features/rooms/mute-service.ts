import { RoomMuted } from '@confab/contract/rooms/events'
import type { MuteRoom } from '@confab/contract/rooms/requests'
import type { Mute } from '@confab/contract/rooms/resources'
import { invalidField } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { record } from '../../realtime/log.ts'
import { lockRoomForMember } from './access.ts'
import { setMutedUntil } from './member-queries.ts'

/** What "for ever" is stored as. */
const FOR_EVER = '9999-12-31T23:59:59.999Z'

/**
 * Silences a room for the caller.
 *
 * @throws ChatError room_not_found, InvalidFields where `until` is no time to come
 */
export function muteRoom(ctx: Ctx, roomId: number, body: MuteRoom): Promise<Mute> {
  return setMute(ctx, roomId, readUntil(body.until ?? FOR_EVER))
}

/** @throws ChatError room_not_found */
export function unmuteRoom(ctx: Ctx, roomId: number): Promise<Mute> {
  return setMute(ctx, roomId, null)
}

function setMute(ctx: Ctx, roomId: number, until: string | null): Promise<Mute> {
  return ctx.transaction(async (tx) => {
    const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
    if (room.mutedUntil !== until) {
      await setMutedUntil(tx, roomId, ctx.actor.id, until)
      await record(tx, RoomMuted, { to: ctx.actor.id, data: { room: roomId, muted_until: until } })
    }
    return { muted_until: until }
  })
}

/** ISO 8601 with a time; without an offset it is UTC. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i

function readUntil(text: string): string {
  const match = ISO_TIME.exec(text)
  const time = match ? Date.parse(match[3] ? text : `${text}Z`) : Number.NaN
  if (Number.isNaN(time)) {
    throw invalidField(
      'until',
      'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].',
    )
  }
  if (time <= Date.now()) throw invalidField('until', 'This time has passed.')
  return new Date(Math.min(time, Date.parse(FOR_EVER))).toISOString()
}
