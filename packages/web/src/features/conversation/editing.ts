/** Which message is being edited: one at a time. The list marks it, and the composer holds its text. */
import { type Message, type State, selectMessages } from '@confab/client'
import { useSyncExternalStore } from 'react'

let editing: Message | undefined
const listeners = new Set<() => void>()

/** Begins to edit a message of one's own. */
export function startEditing(message: Message): void {
  change(message)
}

/** Ends it: what was changed is saved or given up by whoever edits. */
export function stopEditing(): void {
  change(undefined)
}

/** The message of the room that is being edited. */
export function useEditing(room: number): Message | undefined {
  const message = useSyncExternalStore(subscribe, () => editing)
  return message?.room === room ? message : undefined
}

/** The last message that somebody wrote in a room, as far as it is here: what ↑ edits. */
export function lastOwnMessage(state: State, room: number): Message | undefined {
  const me = state.me?.id
  return selectMessages(state, room).findLast(({ sender }) => sender.id === me)
}

function change(message: Message | undefined): void {
  editing = message
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
