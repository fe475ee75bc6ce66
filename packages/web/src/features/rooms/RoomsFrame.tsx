import type { RoomEntry } from '@confab/client'
import { type KeyboardEvent, type ReactNode, type Ref, type RefObject, useEffect, useRef, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { RoomRow } from './RoomRow.tsx'

/** A row that is drawn, and how far from the top, in pixels. */
export type Place = Readonly<{ index: number; start: number }>

/** What both kinds of list are given. */
export type RoomsListProps = Readonly<{
  rooms: readonly RoomEntry[]
  openRoom: number | undefined
  /** The end of the list comes into view. */
  onNearEnd: () => void
  /** The room whose row, or its menu, has the focus: it keeps it when one kind of list takes the place of the other. */
  focused: RefObject<number | undefined>
  /** What stands behind the rows. */
  children?: ReactNode
}>

/** Where the rows are. */
type Layout = Readonly<{
  places: readonly Place[]
  /** Of all rows together, in pixels. */
  height: number
  scroller: Ref<HTMLDivElement>
  /** Is given every row that is drawn, to see how high it is. */
  measure: (row: HTMLElement | null) => void
  scrollTo: (index: number) => void
}>

/**
 * The rows of the list where their layout has them. A room that becomes active glides to its place. The list is one stop
 * of the Tab key; arrow keys, Home and End go through it.
 */
export function RoomsFrame(props: RoomsListProps & { layout: Layout }) {
  const { rooms, openRoom, onNearEnd, focused, children, layout } = props
  const text = useText()
  const { places, height, scroller, measure, scrollTo } = layout
  const isNearEnd = (places.at(-1)?.index ?? -1) >= rooms.length - 1
  useEffect(() => {
    if (isNearEnd) onNearEnd()
  }, [isNearEnd, onNearEnd])

  const { reachable, setReachable, onKeyDown, goTo, restore } = useRoving(rooms, openRoom, scrollTo)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when this list takes the place of another
  useEffect(() => {
    if (focused.current !== undefined && document.activeElement === document.body) restore(focused.current)
  }, [])
  useFocusAfter(props, places, goTo)
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto">
      <ul
        aria-label={text('rooms.title')}
        onKeyDown={onKeyDown}
        onBlur={() => {
          focused.current = undefined
        }}
        className="relative mx-2 my-1"
        style={{ height }}
      >
        {places.map(({ index, start }) => {
          const room = rooms[index]
          if (!room) return null
          return (
            <li
              key={room.id}
              ref={measure}
              data-index={index}
              aria-setsize={rooms.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 pb-0.5 transition-transform duration-(--calm)"
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => {
                focused.current = room.id
                setReachable(room.id)
              }}
            >
              <RoomRow room={room} isOpen={room.id === openRoom} isReachable={room.id === reachable} />
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
    goTo(next.id, index)
  }
  const goTo = (id: number, index: number) => {
    wanted.current = id
    setReachable(id)
    scrollTo(index)
  }
  const restore = (id: number) => {
    const index = rooms.findIndex((room) => room.id === id)
    if (index >= 0) goTo(id, index)
  }
  return { reachable, setReachable, onKeyDown, goTo, restore }
}

/** A room that goes with the focus in its row leaves it to the row after it. A row that is scrolled away does not. */
function useFocusAfter(
  { rooms, focused }: RoomsListProps,
  places: readonly Place[],
  goTo: (id: number, index: number) => void,
) {
  const before = useRef(rooms)
  useEffect(() => {
    const was = before.current.findIndex(({ id }) => id === focused.current)
    before.current = rooms
    if (focused.current === undefined || places.some(({ index }) => rooms[index]?.id === focused.current)) return
    const isGone = was >= 0 && rooms.every(({ id }) => id !== focused.current)
    focused.current = undefined
    const index = Math.min(was, rooms.length - 1)
    const next = isGone && rooms[index]
    // Its menu gives the focus back first, to what is not there any more.
    if (next) requestAnimationFrame(() => document.activeElement === document.body && goTo(next.id, index))
  })
}
