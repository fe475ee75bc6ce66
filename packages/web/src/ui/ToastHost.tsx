import { Suspense, useSyncExternalStore } from 'react'
import { lazyPart } from './lazy-part.tsx'
import { hasToasts, onFirstToast } from './toasts.ts'

const ToastViewport = lazyPart(
  async () => (await import('./ToastViewport.tsx')).ToastViewport,
  () => null,
)

/** Shows what `showToast` tells; loaded with the first toast. Once, in the app. */
export function ToastHost() {
  const isWanted = useSyncExternalStore(onFirstToast, hasToasts)
  return isWanted ? (
    <Suspense>
      <ToastViewport />
    </Suspense>
  ) : null
}
