import { Suspense, useLayoutEffect, useRef, useState } from 'react'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { RoomsFrame, type RoomsListProps } from './RoomsFrame.tsx'
import { ROW_HEIGHT } from './row-height.ts'

/** What leaves rows out that are not seen is loaded for those who have more than this many. */
const MANY = 50

const LongRoomsList = lazyPart(async () => (await import('./LongRoomsList.tsx')).LongRoomsList, FirstRooms)

/** The rooms of the list, the first of them at once. */
export function RoomsList({ hasMore, ...given }: Omit<RoomsListProps, 'focused'> & { hasMore: boolean }) {
  const focused = useRef<number>(undefined)
  const props = { ...given, focused }
  if (!hasMore && props.rooms.length <= MANY) return <ShortRoomsList {...props} />
  return (
    <Suspense fallback={<FirstRooms {...props} />}>
      <LongRoomsList {...props} />
    </Suspense>
  )
}

/** As many as are drawn whole. */
function FirstRooms(props: RoomsListProps) {
  return <ShortRoomsList {...props} rooms={props.rooms.slice(0, MANY)} />
}

/** All rows are drawn. They are of one height, which the first of them tells. */
function ShortRoomsList(props: RoomsListProps) {
  const { rooms } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(ROW_HEIGHT)
  const hasRows = rooms.length > 0
  useLayoutEffect(() => {
    if (!hasRows) return
    const first = scroller.current?.querySelector('li')
    if (!first) return
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.borderBoxSize[0]?.blockSize ?? ROW_HEIGHT))
    observer.observe(first)
    return () => observer.disconnect()
  }, [hasRows])
  const layout = {
    places: rooms.map((_, index) => ({ index, start: index * height })),
    height: rooms.length * height,
    scroller,
    measure: () => {},
    scrollTo: (index: number) => scroller.current?.querySelectorAll('li')[index]?.scrollIntoView({ block: 'nearest' }),
  }
  return <RoomsFrame {...props} layout={layout} />
}
