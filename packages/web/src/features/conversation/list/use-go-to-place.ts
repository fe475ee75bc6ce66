import { useEffect, useLayoutEffect, useState } from 'react'
import type { Place } from './opening.ts'
import { findFirstNew, findMessage, type Row } from './rows.ts'
import type { MessageVirtualizer } from './use-message-virtualizer.ts'

/** How long a message that was asked for is marked. In ms. */
const MARKED_MS = 2_500

/** A place that is not among the rows after so long is not waited for any more. In ms. */
const GIVE_UP_MS = 1_000

/**
 * Brings the list to a place as soon as that is among the rows.
 *
 * @returns the id of the message that is marked because it was asked for; whether the list has come to its first place; and
 * whether it is at rest at the one it was last asked for: what seems in sight before that nobody has seen
 */
export function useGoToPlace(
  virtualizer: MessageVirtualizer,
  rows: readonly Row[],
  place: Place | undefined,
): { marked: number | undefined; isThere: boolean; isSettled: boolean } {
  const [reached, setReached] = useState<Place>()
  const [settled, setSettled] = useState<Place>()
  const [marked, setMarked] = useState<{ id: number }>()
  useLayoutEffect(() => {
    if (!place || reached === place) return
    if (!goTo(virtualizer, rows, place)) return
    setReached(place)
    if (place.kind === 'message' && place.isMarked) setMarked({ id: place.id })
  }, [virtualizer, rows, place, reached])
  useEffect(() => {
    if (!reached) return
    // The browser tells of the scrolling with the next frame.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setSettled(reached))
    })
    return () => cancelAnimationFrame(frame)
  }, [reached])
  useEffect(() => {
    const giveUp = () => setSettled((before) => before && place)
    const timer = setTimeout(giveUp, GIVE_UP_MS)
    return () => clearTimeout(timer)
  }, [place])
  useEffect(() => {
    if (!marked) return
    const timer = setTimeout(() => setMarked(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [marked])
  return { marked: marked?.id, isThere: settled !== undefined, isSettled: settled !== undefined && settled === place }
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
