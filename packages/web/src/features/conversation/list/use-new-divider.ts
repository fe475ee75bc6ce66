import { type OutboxEntry, selectMessages } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useEffect, useState } from 'react'
import { usePageVisible } from '../../../lib/page-visible.ts'

/**
 * After which number messages are new: those that were unread when the conversation was opened, and those that came while
 * the page was out of sight. It stays until one answers.
 */
export function useNewDivider(
  room: number,
  opened: number | undefined,
  outbox: readonly OutboxEntry[],
): number | undefined {
  const client = useClient()
  const [newAfter, setNewAfter] = useState(opened)
  const isVisible = usePageVisible()
  useEffect(() => {
    const last = selectMessages(client.state, room).at(-1)?.no
    const isAllRead = client.state.rooms.byId[room]?.unread_count === 0
    if (!isVisible && isAllRead) setNewAfter(last)
    // Nothing came meanwhile: what comes now is seen as it comes.
    if (isVisible) setNewAfter((before) => (before === last ? undefined : before))
  }, [client, room, isVisible])
  const answer = outbox.at(-1)?.clientId
  const [answered, setAnswered] = useState(answer)
  if (answer !== answered) {
    setAnswered(answer)
    if (answer !== undefined) setNewAfter(undefined)
  }
  return newAfter
}
