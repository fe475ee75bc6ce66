import { useSyncExternalStore } from 'react'

/** Two of them, in turn: the same words said twice in a row are announced twice. */
let said: readonly [string, string] = ['', '']
const listeners = new Set<() => void>()

/** Has screen readers say something as soon as they are done with what they say. */
export function announce(words: string): void {
  said = said[0] === '' ? [words, ''] : ['', words]
  for (const listener of listeners) listener()
}

/** Where `announce` speaks. Once, in the app. */
export function LiveRegion() {
  const [one, other] = useSyncExternalStore(subscribe, () => said)
  return (
    <div className="sr-only">
      <div aria-live="polite">{one}</div>
      <div aria-live="polite">{other}</div>
    </div>
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
