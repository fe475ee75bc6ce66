/** What is told at the edge of the screen for a while. */
export type ToastContent = Readonly<{
  title: string
  tone?: 'plain' | 'danger'
  /** A button, for example to undo. Pressing it closes the toast. */
  action?: { label: string; onSelect: () => void }
  /** Milliseconds until it goes; 0 keeps it. */
  timeoutMs?: number
}>

/** Whoever shows toasts. `add` answers how to take one back. */
export type ToastPresenter = { add(content: ToastContent): () => void }

type Waiting = { content: ToastContent; dismiss: (() => void) | undefined; isDismissed: boolean }

let presenter: ToastPresenter | undefined
let isWanted = false
const waiting: Waiting[] = []
const listeners = new Set<() => void>()

/** Tells something, from anywhere. It is announced too. Answers how to take it back. */
export function showToast(content: ToastContent): () => void {
  const entry: Waiting = { content, dismiss: undefined, isDismissed: false }
  if (presenter) entry.dismiss = presenter.add(content)
  else waiting.push(entry)
  isWanted = true
  for (const listener of listeners) listener()
  return () => {
    entry.isDismissed = true
    entry.dismiss?.()
  }
}

/** Makes somebody show the toasts: those that waited, and all that come. */
export function presentToasts(by: ToastPresenter): void {
  presenter = by
  for (const entry of waiting.splice(0)) {
    if (!entry.isDismissed) entry.dismiss = by.add(entry.content)
  }
}

/** Whether there ever was one. */
export function hasToasts(): boolean {
  return isWanted
}

/** Called when there are toasts to be shown. Answers how to stop listening. */
export function onFirstToast(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
