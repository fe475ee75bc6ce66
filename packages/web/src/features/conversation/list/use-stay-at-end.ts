import { type RefObject, useEffect, useRef } from 'react'
import type { Row } from './rows.ts'
import { END_PX, type MessageVirtualizer } from './use-message-virtualizer.ts'

/**
 * Keeps whoever is at the end of the present there. The virtualizer follows what is appended, but loses the end where much
 * of the beginning is cut in the same moment, where something comes in before the last row, and where the list becomes
 * lower: for pictures that are to be sent, or for the keyboard of a phone.
 */
export function useStayAtEnd(
  virtualizer: MessageVirtualizer,
  scroller: RefObject<HTMLElement | null>,
  { rows, isPresent }: { rows: readonly Row[]; isPresent: boolean },
): void {
  const isStaying = useRef(false)
  const count = useRef(rows.length)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    let before = { top: element.scrollTop, height: element.scrollHeight }
    const onScroll = () => {
      const { scrollTop: top, scrollHeight: height, clientHeight } = element
      // Rows that were cut move the list, too. That was nobody's wish.
      const isCut = before.height - height > clientHeight
      if (height - top - clientHeight <= END_PX) isStaying.current = true
      else if (top < before.top && !isCut) isStaying.current = false
      before = { top, height }
    }
    let place = element.clientHeight
    const resizes = new ResizeObserver(() => {
      // Where all had place nobody scrolled to the end, and yet it was there.
      const wasAtEnd = isStaying.current || before.height - before.top - place <= END_PX
      if (place !== element.clientHeight && wasAtEnd) virtualizer.scrollToEnd()
      place = element.clientHeight
    })
    resizes.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      resizes.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller, virtualizer])
  useEffect(() => {
    // Whoever is a little above the end is brought to it by a row that comes, and by nothing else.
    const near = rows.length > count.current ? 1 : END_PX
    count.current = rows.length
    if (!isPresent) isStaying.current = false
    if (!isStaying.current) return
    // By then the virtualizer has done what it does by itself.
    const frame = requestAnimationFrame(() => {
      if (isStaying.current && !virtualizer.isAtEnd(near)) virtualizer.scrollToEnd()
    })
    return () => cancelAnimationFrame(frame)
  }, [rows, isPresent, virtualizer])
}
