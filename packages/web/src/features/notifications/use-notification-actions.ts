import type { Notification, State } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useMemo } from 'react'
import { createGuesses, useGuesses } from '../../lib/guesses.ts'
import { useAttempt } from '../../ui/use-attempt.ts'

/** What was done and is not told yet; under `all` what was done to every one. */
const guesses = createGuesses<'read' | 'unread' | 'gone'>()
const ALL = 'all'

/** Those that are here, as they will be once the server has done what was asked. */
export function useShownNotifications(items: readonly Notification[]): readonly Notification[] {
  const guessed = useGuesses(guesses)
  return useMemo(
    () =>
      items.flatMap((item) => {
        const guess = guessed[item.id] ?? guessed[ALL]
        if (guess === undefined) return [item]
        return guess === 'gone' ? [] : [{ ...item, is_read: guess === 'read' }]
      }),
    [items, guessed],
  )
}

/** What one can do with them. Each is shown at once; where it fails it is taken back, and told. */
export function useNotificationActions() {
  const client = useClient()
  const attempt = useAttempt()
  return useMemo(() => {
    const { notifications } = client.api
    const find = (state: State, id: number) => state.notifications.items.find((one) => one.id === id)
    const run = (key: number | string, value: 'read' | 'unread' | 'gone', doing: Doing) =>
      attempt(() => guesses.run<State>({ key, value, model: client.store, ...doing }))
    return {
      markRead: (id: number) =>
        run(id, 'read', {
          work: () => notifications.markNotificationRead({ params: { id } }),
          isSo: (state) => find(state, id)?.is_read !== false,
        }),
      markUnread: (id: number) =>
        run(id, 'unread', {
          work: () => notifications.updateNotification({ params: { id }, body: { is_read: false } }),
          isSo: (state) => find(state, id)?.is_read !== true,
        }),
      markAllRead: () =>
        run(ALL, 'read', {
          work: () => notifications.markAllNotificationsRead(),
          isSo: (state) => state.notifications.unreadCount === 0,
        }),
      remove: (id: number) =>
        run(id, 'gone', {
          work: () => notifications.deleteNotification({ params: { id } }),
          isSo: (state) => find(state, id) === undefined,
        }),
    }
  }, [client, attempt])
}

type Doing = { work: () => Promise<unknown>; isSo: (state: State) => boolean }
