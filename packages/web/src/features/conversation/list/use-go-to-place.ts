import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Place } from './opening.ts'
import { findFirstNew, findMessage, type Row } from './rows.ts'
import type { MessageVirtualizer } from './use-message-virtualizer.ts'

/** How long a message that was asked for is marked. In ms. */
const MARKED_MS = 2_500

/**
 * Brings the list to a place as soon as that is among the rows.
 *
 * @returns the id of the message that is marked because it was asked for, and whether the list is at its first place: what
 * is in sight before that nobody has seen
 */
export function useGoToPlace(
  virtualizer: MessageVirtualizer,
  rows: readonly Row[],
  place: Place | undefined,
): { marked: number | undefined; isThere: boolean } {
  const reached = useRef<Place>(undefined)
  const [marked, setMarked] = useState<{ id: number }>()
  const [isThere, setIsThere] = useState(false)
  useLayoutEffect(() => {
    if (!place || reached.current === place) return
    if (!goTo(virtualizer, rows, place)) return
    reached.current = place
    if (place.kind === 'message' && place.isMarked) setMarked({ id: place.id })
  }, [virtualizer, rows, place])
  useEffect(() => {
    if (isThere || reached.current === undefined) return
    // The browser tells of the scrolling with the next frame.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setIsThere(true))
    })
    return () => cancelAnimationFrame(frame)
  })
  useEffect(() => {
    if (!marked) return
    const timer = setTimeout(() => setMarked(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [marked])
  return { marked: marked?.id, isThere }
}

/** Answers whether the place is there. */
function goTo(virtualizer: MessageVirtualizer, rows: readonly Row[], place: Place): boolean {
  if (place.kind === 'end') {
    virtualizer.scrollToEnd()
    return true
  }
  const index = place.kind === 'new' ? findFirstNew(rows) : findMessage(rows, place.id)
  if (index >= 0) virtualizer.scrollToIndex(index, { align: place.kind === 'message' ? place.align : 'start' })
  // What was new may be deleted by now.
  else if (place.kind === 'new') virtualizer.scrollToEnd()
  return index >= 0 || place.kind === 'new'
}
