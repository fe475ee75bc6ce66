import type { State } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useEffect, useState } from 'react'

/** While changes come faster than this they are shown together. In ms; what one does oneself is still answered in 100. */
const REST_MS = 80

/**
 * A part of the state for views that are costly to draw: a change after a rest is shown with the next frame, a flood of
 * them a few times a second, so that typing and scrolling go on meanwhile.
 *
 * @param selector kept the same between renders; what did not change has to be the same object
 * @param isEqual when two of what it selects count as the same
 */
export function useCalmChat<T>(selector: (state: State) => T, isEqual: (one: T, other: T) => boolean): T {
  const { store } = useClient()
  const [shown, setShown] = useState(() => ({ selector, selected: selector(store.get()) }))
  // Of another selector nothing is shown yet: what it selects is taken at once.
  const current = shown.selector === selector ? shown.selected : selector(store.get())
  useEffect(() => {
    let frame: number | undefined
    let drawnAt = 0
    const draw = (now: number) => {
      if (now - drawnAt < REST_MS) {
        frame = requestAnimationFrame(draw)
        return
      }
      frame = undefined
      drawnAt = now
      setShown((before) => {
        const selected = selector(store.get())
        return before.selector === selector && isEqual(before.selected, selected) ? before : { selector, selected }
      })
    }
    const schedule = () => {
      frame ??= requestAnimationFrame(draw)
    }
    schedule()
    const stop = store.subscribe(schedule)
    return () => {
      stop()
      if (frame !== undefined) cancelAnimationFrame(frame)
    }
  }, [store, selector, isEqual])
  return current
}
