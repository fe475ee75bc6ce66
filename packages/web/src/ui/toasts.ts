import { Toast } from '@base-ui/react/toast'

/** What is told at the edge of the screen for a while. */
export type ToastContent = {
  title: string
  tone?: 'plain' | 'danger'
  /** A button, for example to undo. Pressing it closes the toast. */
  action?: { label: string; onSelect: () => void }
  /** Milliseconds until it goes; 0 keeps it. */
  timeoutMs?: number
}

/** Where the toasts of the app are; `ToastProvider` shows them. */
export const toastManager = Toast.createToastManager<{ tone?: 'plain' | 'danger' }>()

/** Tells something, from anywhere. Errors are announced at once, others politely. Answers how to take it back. */
export function showToast({ title, tone = 'plain', action, timeoutMs = 6_000 }: ToastContent): () => void {
  const id = toastManager.add({
    title,
    timeout: timeoutMs,
    priority: tone === 'danger' ? 'high' : 'low',
    data: { tone },
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          action.onSelect()
          toastManager.close(id)
        },
      },
    }),
  })
  return () => toastManager.close(id)
}
