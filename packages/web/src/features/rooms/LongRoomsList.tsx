import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { RoomsFrame, type RoomsListProps } from './RoomsFrame.tsx'
import { ROW_HEIGHT } from './row-height.ts'

/** Rows that are drawn beyond what is seen. */
const OVERSCAN = 10

/** The list of somebody with many rooms: only those near what is seen are drawn. */
export function LongRoomsList(props: RoomsListProps) {
  const { rooms } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rooms.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rooms[index]?.id ?? index,
    overscan: OVERSCAN,
  })
  const layout = {
    places: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    scroller,
    measure: virtualizer.measureElement,
    scrollTo: (index: number) => virtualizer.scrollToIndex(index),
  }
  return <RoomsFrame {...props} layout={layout} />
}
