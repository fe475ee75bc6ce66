import type { RoomEntry, State } from '@confab/client'
import { useClient } from '@confab/client/react'
import { createGuesses, useGuesses } from '../../lib/guesses.ts'
import { MUTED_FOR_EVER, type MuteChoice, muteUntil } from '../../lib/mute.ts'
import { useAttempt } from '../../ui/use-attempt.ts'

/** What a room of the list is about to have: a time until which it is silent, nothing unread. By `room/what`. */
const guesses = createGuesses<Partial<RoomEntry>>()

/** A room of the list, with what was asked for as if it were so already. */
export function useShownRoom(room: RoomEntry): RoomEntry {
  const all = useGuesses(guesses)
  return { ...room, ...all[`${room.id}/mute`], ...all[`${room.id}/read`] }
}

/** What one can change about a room of the list. Each is shown at once; where it fails it is taken back, and told. */
export function useRoomChanges({ id }: Pick<RoomEntry, 'id'>) {
  const client = useClient()
  const attempt = useAttempt()
  const params = { id }
  const guess = (what: 'mute' | 'read', value: Partial<RoomEntry>, work: () => Promise<unknown>) => {
    const before = entryOf(client.state, id)
    const isSo = (state: State) => {
      const now = entryOf(state, id)
      return what === 'mute' ? now?.muted_until !== before?.muted_until : now?.unread_count !== before?.unread_count
    }
    void attempt(() => guesses.run({ key: `${id}/${what}`, value, work, model: client.store, isSo }))
  }
  return {
    mute(choice: MuteChoice) {
      const until = muteUntil(choice)
      guess('mute', { muted_until: until ?? MUTED_FOR_EVER }, () =>
        client.api.rooms.muteRoom({ params, body: { until } }),
      )
    },
    unmute: () => guess('mute', { muted_until: null }, () => client.api.rooms.unmuteRoom({ params })),
    markRead: () => guess('read', { unread_count: 0, mention_count: 0 }, () => client.markRead(id)),
  }
}

function entryOf({ rooms }: State, id: number): RoomEntry | undefined {
  return rooms.byId[id]
}
