import { RoomMuted } from '@confab/contract/rooms/events'
import type { MuteRoom } from '@confab/contract/rooms/requests'
import type { Mute } from '@confab/contract/rooms/resources'
import { invalidField } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { record } from '../../realtime/log.ts'
import { readTime } from '../../wire/time.ts'
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

function readUntil(text: string): string {
  const time = readTime('until', text)
  if (time <= Date.now()) throw invalidField('until', 'This time has passed.')
  return new Date(Math.min(time, Date.parse(FOR_EVER))).toISOString()
}
