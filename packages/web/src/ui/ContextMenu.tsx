import {
  cloneElement,
  type HTMLAttributes,
  type MouseEvent,
  type PointerEvent,
  type ReactElement,
  Suspense,
  useRef,
  useState,
} from 'react'
import { lazyPart } from './lazy-part.tsx'
import type { MenuEntry } from './MenuPopup.tsx'

const MenuPopup = lazyPart(async () => (await import('./MenuPopup.tsx')).MenuPopup)

/** A finger that stays this long means the menu. In ms; as the platforms have it. */
const LONG_PRESS_MS = 500

/** A finger that moves farther than this scrolls. In pixels. */
const MOVE_LIMIT = 10

/**
 * What one can do with something, at a right click, a long press or the menu key. It gives its child the handlers. Offer
 * the same by a visible button: nobody has to guess that this is there.
 */
export function ContextMenu({
  entries,
  children,
}: {
  entries: readonly MenuEntry[]
  children: ReactElement<HTMLAttributes<HTMLElement>>
}) {
  const [place, setPlace] = useState<DOMRect>()
  const [isOpen, setIsOpen] = useState(false)
  const open = (x: number, y: number) => {
    setPlace(new DOMRect(x, y, 0, 0))
    setIsOpen(true)
  }
  const touch = useLongPress(open)
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault()
    touch.onPointerUp()
    const isByKeyboard = event.clientX === 0 && event.clientY === 0
    const { left, bottom } = event.currentTarget.getBoundingClientRect()
    if (isByKeyboard) open(left, bottom)
    else open(event.clientX, event.clientY)
  }
  return (
    <>
      {cloneElement(children, { onContextMenu, ...touch })}
      {place ? (
        <Suspense>
          <MenuPopup
            entries={entries}
            anchor={{ getBoundingClientRect: () => place }}
            align="start"
            isOpen={isOpen}
            onOpenChange={setIsOpen}
          />
        </Suspense>
      ) : null}
    </>
  )
}

/** For browsers that tell nothing of a long press, those of the iPhone. */
function useLongPress(onPress: (x: number, y: number) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const from = useRef({ x: 0, y: 0 })
  const stop = () => clearTimeout(timer.current)
  return {
    onPointerDown: ({ pointerType, clientX: x, clientY: y }: PointerEvent) => {
      stop()
      if (pointerType !== 'touch') return
      from.current = { x, y }
      timer.current = setTimeout(() => onPress(x, y), LONG_PRESS_MS)
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (Math.hypot(clientX - from.current.x, clientY - from.current.y) > MOVE_LIMIT) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  }
}
