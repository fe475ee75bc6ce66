import type { RoomEntry } from '@confab/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { RoomRow } from './RoomRow.tsx'

/** The height of a row before it is measured, in pixels. */
const ROW_HEIGHT = 62

/** Rows that are drawn beyond what is seen. */
const OVERSCAN = 10

/**
 * The rows of the list; only those near what is seen are drawn. A room that becomes active glides to its place. The list
 * is one stop of the Tab key; arrow keys, Home and End go through it.
 */
export function RoomsList({
  rooms,
  openRoom,
  onNearEnd,
  children,
}: {
  rooms: readonly RoomEntry[]
  openRoom: number | undefined
  /** The end of the list comes into view. */
  onNearEnd: () => void
  /** What stands behind the rows. */
  children?: ReactNode
}) {
  const text = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rooms.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rooms[index]?.id ?? index,
    overscan: OVERSCAN,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  const isNearEnd = last >= rooms.length - 1
  useEffect(() => {
    if (isNearEnd) onNearEnd()
  }, [isNearEnd, onNearEnd])

  const { reachable, setReachable, onKeyDown } = useRoving(rooms, openRoom, (index) => virtualizer.scrollToIndex(index))
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto">
      <ul
        aria-label={text('rooms.title')}
        onKeyDown={onKeyDown}
        className="relative mx-2 my-1"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map(({ key, index, start }) => {
          const room = rooms[index]
          if (!room) return null
          return (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-setsize={rooms.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 pb-0.5 transition-transform duration-(--calm)"
              style={{ transform: `translateY(${start}px)` }}
            >
              <RoomRow
                room={room}
                isOpen={room.id === openRoom}
                isReachable={room.id === reachable}
                onFocus={() => setReachable(room.id)}
              />
            </li>
          )
        })}
      </ul>
      {children}
    </div>
  )
}

/** Which row Tab leads to, and the keys that lead from row to row. */
function useRoving(rooms: readonly RoomEntry[], openRoom: number | undefined, scrollTo: (index: number) => void) {
  const [chosen, setReachable] = useState<number>()
  const wanted = useRef<number>(undefined)
  const isThere = (id: number | undefined) => rooms.some((room) => room.id === id)
  const reachable = [chosen, openRoom].find(isThere) ?? rooms[0]?.id

  // A row far away is drawn once the list has been scrolled to it.
  useEffect(() => {
    if (wanted.current === undefined) return
    const row = document.querySelector<HTMLElement>(`[data-room="${wanted.current}"]`)
    if (!row) return
    wanted.current = undefined
    row.focus()
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLAnchorElement)) return
    const at = rooms.findIndex(({ id }) => id === reachable)
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rooms.length - 1 }
    const index = steps[event.key]
    const next = index === undefined ? undefined : rooms[index]
    if (index === undefined || !next) return
    event.preventDefault()
    wanted.current = next.id
    setReachable(next.id)
    scrollTo(index)
  }
  return { reachable, setReachable, onKeyDown }
}
