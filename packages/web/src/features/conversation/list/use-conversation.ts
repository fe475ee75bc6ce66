import { type Message, type OutboxEntry, type State, selectMessages, selectOutbox, selectWindow } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useCallback, useEffect } from 'react'
import { useCalmChat } from '../../../lib/use-calm-chat.ts'

/** What the list of a conversation is drawn from. All of it is of one moment. */
export type ConversationView = Readonly<{
  messages: readonly Message[]
  outbox: readonly OutboxEntry[]
  isLoaded: boolean
  hasOlder: boolean
  hasNewer: boolean
  /** The number of the room's last message; undefined where the messages may not reach the present. */
  lastNo: number | undefined
}>

/** The messages of a room, fetched and kept up to date for as long as the component is there. */
export function useConversation(room: number): ConversationView {
  const client = useClient()
  // After a `resync` the window is gone: as long as the room is looked at, it is fetched anew.
  useEffect(() => client.messages.open(room), [client, room])
  const select = useCallback((state: State) => viewOf(state, room), [room])
  return useCalmChat(select, isSameView)
}

/** How many messages of a room are unread. */
export function useUnread(room: number): number {
  return useCalmChat(
    useCallback((state: State) => state.rooms.byId[room]?.unread_count ?? 0, [room]),
    Object.is,
  )
}

function viewOf(state: State, room: number): ConversationView {
  const window = selectWindow(state, room)
  const messages = selectMessages(state, room)
  const entry = state.rooms.byId[room]
  // The list of rooms may know of a message before it is here.
  const isBehind = (entry?.last_message?.id ?? 0) > (messages.at(-1)?.id ?? 0)
  const reachesPresent = window?.newer === null && !window.isStale && !isBehind
  return {
    messages,
    outbox: selectOutbox(state, room),
    isLoaded: window !== undefined,
    hasOlder: window !== undefined && window.older !== null,
    hasNewer: window !== undefined && window.newer !== null,
    lastNo: reachesPresent ? entry?.last_no : undefined,
  }
}

function isSameView(one: ConversationView, other: ConversationView): boolean {
  return (
    one.messages === other.messages &&
    one.outbox === other.outbox &&
    one.isLoaded === other.isLoaded &&
    one.hasOlder === other.hasOlder &&
    one.hasNewer === other.hasNewer &&
    one.lastNo === other.lastNo
  )
}
