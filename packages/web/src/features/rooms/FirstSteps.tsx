import { Suspense } from 'react'
import { lazyPart, MissingPart } from '../../ui/lazy-part.tsx'

const FirstStepsList = lazyPart(async () => (await import('./FirstStepsList.tsx')).FirstStepsList, MissingPart)

/** The ways to a first conversation, loaded for those who have none. */
export function FirstSteps() {
  return (
    <Suspense>
      <FirstStepsList />
    </Suspense>
  )
}
