import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { Row } from './rows.ts'
import type { MessageVirtualizer } from './use-message-virtualizer.ts'

/** The messages as one stop of the keyboard: arrows go between them, Home and End to the first and last that are here, Escape to where one writes. */
export type RovingRows = Readonly<{
  activeKey: string | undefined
  onKeyDown: (event: KeyboardEvent) => void
  onFocus: (event: FocusEvent) => void
  /** Gives the focus to a message as soon as it is drawn. */
  focusMessage: (id: number) => void
}>

/** Which row the keyboard is on. It is by key, so that it stays with its message when others come and go. */
export function useActiveRow() {
  return useState<string>()
}

/** Moves the focus between the rows of the list. `onEnd` is asked for the newest messages. */
export function useRovingRows(
  {
    rows,
    virtualizer,
    scroller,
  }: { rows: readonly Row[]; virtualizer: MessageVirtualizer; scroller: RefObject<HTMLElement | null> },
  [activeKey, setActiveKey]: ReturnType<typeof useActiveRow>,
  onEnd: () => void,
): RovingRows {
  /** Set when the row has to get the focus once it is drawn. */
  const wanted = useRef<string>(undefined)
  const wantedMessage = useRef<number>(undefined)
  useLayoutEffect(() => {
    const { current: id } = wantedMessage
    const message = id && rows.find((row) => row.kind === 'message' && row.message.id === id)
    if (message) {
      wantedMessage.current = undefined
      wanted.current = message.key
    }
    if (wanted.current === undefined) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.current)}"]`)
    if (!row) return
    wanted.current = undefined
    row.focus({ preventScroll: true })
  })

  const move = useCallback(
    (from: string, step: number | 'first' | 'last') => {
      const stops = rows.flatMap((row, index) =>
        row.kind === 'message' || row.kind === 'send' ? [{ key: row.key, index }] : [],
      )
      const at = stops.findIndex(({ key }) => key === from)
      const to =
        step === 'first' ? 0 : step === 'last' ? stops.length - 1 : Math.min(Math.max(at + step, 0), stops.length - 1)
      const stop = stops[to]
      if (!stop) return
      wanted.current = stop.key
      setActiveKey(stop.key)
      virtualizer.scrollToIndex(stop.index, { align: 'auto' })
    },
    [rows, virtualizer, setActiveKey],
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement ? event.target.dataset.key : undefined
    // Keys in a button or link of a message are theirs.
    if (row === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') writeIn(event.currentTarget)
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    if (step === 'last') onEnd()
    move(row, step)
  }
  const onFocus = ({ target }: FocusEvent) => {
    const row = target.closest<HTMLElement>('[data-key]')
    if (row?.dataset.key !== undefined) setActiveKey(row.dataset.key)
  }
  const focusMessage = useCallback((id: number) => {
    wantedMessage.current = id
  }, [])
  return { activeKey, onKeyDown, onFocus, focusMessage }
}

/** Goes from the list to where one writes in the same conversation. */
function writeIn(list: Element): void {
  list.closest('section')?.querySelector('textarea')?.focus()
}

const steps: Readonly<Record<string, number | 'first' | 'last' | undefined>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -8,
  PageDown: 8,
  Home: 'first',
  End: 'last',
}
