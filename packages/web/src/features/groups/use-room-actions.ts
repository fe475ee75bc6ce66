import type { Room, State } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useMemo } from 'react'
import type { Guesses } from '../../lib/guesses.ts'
import { MUTED_FOR_EVER, type MuteChoice, muteUntil } from '../../lib/mute.ts'
import { useAttempt } from '../../ui/use-attempt.ts'
import { memberGuesses, roomGuesses } from './shown-room.ts'

/** What one can change about a room. Each is shown at once; where it fails it is taken back, and told. */
export type RoomActions = Readonly<{
  rename(name: string): Promise<boolean>
  setPicture(picture: Blob): Promise<boolean>
  removePicture(): Promise<boolean>
  mute(choice: MuteChoice): Promise<boolean>
  unmute(): Promise<boolean>
  makeAdmin(userId: number): Promise<boolean>
  removeAdmin(userId: number): Promise<boolean>
  remove(userId: number): Promise<boolean>
}>

export function useRoomActions(roomId: number): RoomActions {
  const client = useClient()
  const attempt = useAttempt()
  return useMemo(() => {
    const { rooms } = client.api
    const params = { id: roomId }
    const guess = <Value>(
      guesses: Guesses<Value>,
      { key, ...rest }: { key: string | number; value: Value; work: () => Promise<unknown>; isSo: RoomTest },
    ) =>
      attempt(() =>
        guesses.run<State>({
          ...rest,
          key: `${roomId}/${key}`,
          model: client.store,
          isSo: ({ details: { [roomId]: room } }) => room === undefined || rest.isSo(room),
        }),
      )
    const setImage = (value: string | null, work: () => Promise<unknown>) => {
      const before = client.state.details[roomId]?.group_image ?? null
      const isSo: RoomTest = ({ group_image }) => group_image !== before || before === value
      return guess(roomGuesses, { key: 'image', value: { group_image: value }, work, isSo })
    }
    const mute = (value: string | null, work: () => Promise<unknown>) =>
      guess(roomGuesses, {
        key: 'mute',
        value: { muted_until: value },
        work,
        isSo: ({ muted_until }) => (muted_until === null) === (value === null),
      })
    return {
      rename: (name) =>
        guess(roomGuesses, {
          key: 'name',
          value: { chat_name: name },
          work: () => rooms.updateRoom({ params, body: { room_name: name } }),
          isSo: ({ chat_name }) => chat_name === name,
        }),
      async setPicture(picture) {
        const url = URL.createObjectURL(picture)
        try {
          return await setImage(url, () => rooms.updateRoom({ params, body: { group_image: picture } }))
        } finally {
          URL.revokeObjectURL(url)
        }
      },
      removePicture: () => setImage(null, () => rooms.updateRoom({ params, body: { group_image: null } })),
      mute(choice) {
        const until = muteUntil(choice)
        return mute(until ?? MUTED_FOR_EVER, () => rooms.muteRoom({ params, body: { until } }))
      },
      unmute: () => mute(null, () => rooms.unmuteRoom({ params })),
      makeAdmin: (userId) =>
        guess(memberGuesses, {
          key: userId,
          value: 'admin',
          work: () => rooms.assignAdmin({ params, body: { user_id: userId } }),
          isSo: ({ admins }) => admins.some(({ id }) => id === userId),
        }),
      removeAdmin: (userId) =>
        guess(memberGuesses, {
          key: userId,
          value: 'member',
          work: () => rooms.removeAdmin({ params, body: { user_id: userId } }),
          isSo: ({ admins }) => !admins.some(({ id }) => id === userId),
        }),
      remove: (userId) =>
        guess(memberGuesses, {
          key: userId,
          value: 'removed',
          work: () => rooms.removeMember({ params, body: { user_id: userId } }),
          isSo: ({ participants }) => !participants.some(({ id }) => id === userId),
        }),
    }
  }, [client, attempt, roomId])
}

type RoomTest = (room: Room) => boolean
