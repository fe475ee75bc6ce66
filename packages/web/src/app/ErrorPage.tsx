import { useRouter } from '@tanstack/react-router'
import { ErrorState } from '../ui/ErrorState.tsx'

/** A view that failed, in the place of the view: everything around it goes on. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <div className="grid h-full place-items-center bg-canvas">
      <ErrorState error={error} onRetry={retry} />
    </div>
  )
}
