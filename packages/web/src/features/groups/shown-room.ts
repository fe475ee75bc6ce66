import type { Room } from '@confab/client'
import { useChat, useMe } from '@confab/client/react'
import { useMemo } from 'react'
import { createGuesses, useGuesses } from '../../lib/guesses.ts'

/** What a room is about to have: a name, a picture, a time until which it is silent. By `room/what`. */
export const roomGuesses = createGuesses<Partial<Pick<Room, 'chat_name' | 'group_image' | 'muted_until'>>>()

/** What a member is about to be. By `room/member`. */
export const memberGuesses = createGuesses<'admin' | 'member' | 'removed'>()

/** A room that is here, with what was asked for as if it were so already. */
export function useShownRoom(roomId: number): Room | undefined {
  const room = useChat(({ details }) => details[roomId])
  const changes = useGuesses(roomGuesses)
  const members = useGuesses(memberGuesses)
  const me = useMe()?.id
  return useMemo(() => room && withGuesses(room, changes, members, me), [room, changes, members, me])
}

/** A room with what is guessed about it and its members. */
export function withGuesses(
  room: Room,
  changes: ReturnType<typeof roomGuesses.get>,
  members: ReturnType<typeof memberGuesses.get>,
  me: number | undefined,
): Room {
  const mine = Object.entries(changes).flatMap(([key, change]) => (key.startsWith(`${room.id}/`) ? [change] : []))
  const guessOf = (userId: number) => members[`${room.id}/${userId}`]
  const participants = room.participants
    .filter(({ id }) => guessOf(id) !== 'removed')
    .map((one) => {
      const guess = guessOf(one.id)
      return guess === undefined ? one : { ...one, is_admin: guess === 'admin' }
    })
  const member_count = room.member_count - (room.participants.length - participants.length)
  // Who gives the role up is offered nothing any more that takes it.
  const is_admin = room.is_admin && !(me !== undefined && guessOf(me) === 'member')
  return Object.assign({}, room, { participants, member_count, is_admin }, ...mine)
}
