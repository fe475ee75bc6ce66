import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react'
import { estimateHeight } from './estimate.ts'
import type { Row } from './rows.ts'

export type MessageVirtualizer = Virtualizer<HTMLDivElement, HTMLDivElement> & {
  containerRef: (node: HTMLElement | null) => void
}

/** Closer to the end than this counts as being there. In pixels. */
export const END_PX = 60

/** What stands above the first row while there are older messages to be fetched. In pixels. */
export const OLDER_PX = 72

/**
 * Draws the rows that are in sight and a few around them. What is read stays where it is when older rows come, fall off
 * or turn out higher than was thought; at the end of the present it stays at the end.
 *
 * @param activeKey a row that is kept although it is out of sight, because the focus is on it
 */
export function useMessageVirtualizer(
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
  { hasOlder, hasNewer, activeKey }: { hasOlder: boolean; hasNewer: boolean; activeKey: string | undefined },
): MessageVirtualizer {
  // Rows that are appended from the past are not new: one who reads them is not carried along.
  const hadNewer = useRef(hasNewer)
  useLayoutEffect(() => {
    hadNewer.current = hasNewer
  })
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range)
      const active = activeKey === undefined ? -1 : rows.findIndex(({ key }) => key === activeKey)
      if (active < 0 || indexes.includes(active)) return indexes
      return [...indexes, active].sort((one, other) => one - other)
    },
    [rows, activeKey],
  )
  return useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: useCallback((index: number) => estimateHeight(rows[index]), [rows]),
    rangeExtractor,
    overscan: 8,
    paddingStart: hasOlder ? OLDER_PX : 16,
    paddingEnd: 8,
    anchorTo: 'end',
    followOnAppend: !hasNewer && !hadNewer.current,
    scrollEndThreshold: END_PX,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
  })
}
