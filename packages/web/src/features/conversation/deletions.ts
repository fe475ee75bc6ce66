/**
 * Deleting with a way back: the message is out of sight at once, and is deleted when the time to think better of it is
 * over, whatever view is shown by then, or when the page is left.
 */
import type { ChatClient, Message } from '@confab/client'
import { useSyncExternalStore } from 'react'
import { showToast } from '../../ui/toasts.ts'
import { undoable } from '../../ui/undoable.ts'

let hidden: ReadonlySet<number> = new Set()
const listeners = new Set<() => void>()

/** Hides a message, and deletes it unless that is undone. Where the server refuses, it is shown again. */
export async function deleteWithUndo(
  client: ChatClient,
  message: Message,
  texts: Readonly<{ deleted: string; undo: string; failed: (error: unknown) => string }>,
): Promise<void> {
  const { id, room } = message
  if (hidden.has(id)) return
  setHidden(new Set([...hidden, id]))
  const show = () => setHidden(new Set([...hidden].filter((other) => other !== id)))
  if (!(await undoable({ title: texts.deleted, undo: texts.undo }))) return show()
  try {
    await client.api.messages.deleteMessage({ params: { room, id }, keepalive: true })
  } catch (error) {
    show()
    showToast({ title: texts.failed(error), tone: 'danger' })
  }
}

/** The messages that are about to be deleted, or just were. */
export function useHiddenMessages(): ReadonlySet<number> {
  return useSyncExternalStore(subscribe, () => hidden)
}

function setHidden(next: ReadonlySet<number>): void {
  hidden = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
