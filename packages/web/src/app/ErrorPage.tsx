import { useRouter } from '@tanstack/react-router'
import { ErrorState } from '../ui/ErrorState.tsx'

/** A view that failed, in the place of the view: everything around it goes on. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter()
  const retry = () => {
    // The router holds on to the failure, and not every browser asks for the same module twice.
    if (isMissingPart(error)) return location.reload()
    reset()
    void router.invalidate()
  }
  return (
    <div className="grid h-full place-items-center bg-canvas">
      <ErrorState error={error} onRetry={retry} heading="h1" />
    </div>
  )
}

/**
 * As Chromium, Firefox and Safari say that a module did not arrive: the error has no other mark. The router, too, goes by these
 * texts (`isModuleNotFoundError`) when it loads the page again by itself.
 */
function isMissingPart(error: unknown): boolean {
  const said =
    /^(Failed to fetch dynamically imported module|error loading dynamically imported module|Importing a module script failed)/
  return error instanceof TypeError && said.test(error.message)
}
