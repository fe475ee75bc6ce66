import type { State } from '@confab/client'
import { useChat, useClient, usePeople } from '@confab/client/react'
import { useMemo } from 'react'
import { createGuesses, useGuesses } from '../../lib/guesses.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { showToast } from '../../ui/toasts.ts'
import { undoable } from '../../ui/undoable.ts'
import { useAttempt } from '../../ui/use-attempt.ts'
import { pendingRequest, type Relation, relationOf } from './relations.ts'

const guesses = createGuesses<Relation>()

/** What people are to one, with what was asked for as if it were so already. */
export function useRelations(): (userId: number) => Relation {
  const guessed = useGuesses(guesses)
  const me = useChat((state) => state.me)
  const people = usePeople()
  return useMemo(() => (userId) => guessed[userId] ?? relationOf({ me, people }, userId), [guessed, me, people])
}

/** What somebody is to one. */
export function useRelation(userId: number): Relation {
  return useRelations()(userId)
}

/** What one can do about what people are to one. Each is shown at once; where it fails it is taken back, and told. */
export type RelationActions = Readonly<{
  ask(userId: number): Promise<boolean>
  cancel(userId: number): Promise<boolean>
  accept(userId: number): Promise<boolean>
  reject(userId: number): Promise<boolean>
  unfriend(userId: number): Promise<boolean>
  block(userId: number): Promise<boolean>
  unblock(userId: number): Promise<boolean>
}>

export function useRelationActions(): RelationActions {
  const text = useText()
  const client = useClient()
  const attempt = useAttempt()
  return useMemo(() => {
    const { people } = client.api
    const become = (userId: number, value: Relation, work: () => Promise<unknown>, isOff = () => false) =>
      attempt(() =>
        guesses.run<State>({
          key: userId,
          value,
          work,
          model: client.store,
          isSo: (state) => isOff() || relationOf(state, userId) === value,
        }),
      )
    const answer = (userId: number, call: (params: { params: { id: number } }) => Promise<unknown>) => {
      const request = pendingRequest(client.state, userId)
      return request ? call({ params: { id: request.id } }) : Promise.resolve()
    }
    const ask = (userId: number) =>
      become(userId, 'asked', () => people.createFriendRequest({ body: { to_user: userId } }))
    const block = (userId: number) => become(userId, 'blocked', () => people.blockUser({ params: { id: userId } }))
    const undo = (title: string, onSelect: () => void) =>
      showToast({ title, action: { label: text('people.undo'), onSelect } })
    return {
      ask,
      block,
      async cancel(userId) {
        const isDone = await become(userId, 'stranger', () => answer(userId, people.cancelFriendRequest))
        if (isDone) undo(text('people.cancelled'), () => void ask(userId))
        return isDone
      },
      accept: (userId) => become(userId, 'friend', () => answer(userId, people.acceptFriendRequest)),
      reject(userId) {
        let isUndone = false
        const work = async () => {
          isUndone = !(await undoable({ title: text('people.rejected'), undo: text('people.undo') }))
          if (!isUndone) await answer(userId, people.rejectFriendRequest)
        }
        return become(userId, 'stranger', work, () => isUndone)
      },
      unfriend: (userId) => become(userId, 'stranger', () => people.removeFriend({ params: { id: userId } })),
      async unblock(userId) {
        const isDone = await become(userId, 'stranger', () => people.unblockUser({ params: { id: userId } }))
        if (isDone) undo(text('people.unblocked'), () => void block(userId))
        return isDone
      },
    }
  }, [client, attempt, text])
}
