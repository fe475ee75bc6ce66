import { showToast } from './toasts.ts'

/** How long one may think better of it. In ms. */
const GRACE_MS = 5_000

/**
 * Says that something is done that cannot be undone once it is, and offers to undo it for a while. Answers whether to go
 * on and do it: after that while, or when the page is left.
 */
export function undoable({ title, undo }: { title: string; undo: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isMeant: boolean) => {
      clearTimeout(timer)
      removeEventListener('pagehide', goOn)
      dismiss()
      resolve(isMeant)
    }
    const goOn = () => settle(true)
    const timer = setTimeout(goOn, GRACE_MS)
    addEventListener('pagehide', goOn)
    const dismiss = showToast({ title, timeoutMs: 0, action: { label: undo, onSelect: () => settle(false) } })
  })
}
