import { lazy, Suspense, useSyncExternalStore } from 'react'
import { hasToasts, onFirstToast } from './toasts.ts'

const ToastViewport = lazy(async () => ({ default: (await import('./ToastViewport.tsx')).ToastViewport }))

/** Shows what `showToast` tells; loaded with the first toast. Once, in the app. */
export function ToastHost() {
  const isWanted = useSyncExternalStore(onFirstToast, hasToasts)
  return isWanted ? (
    <Suspense>
      <ToastViewport />
    </Suspense>
  ) : null
}
