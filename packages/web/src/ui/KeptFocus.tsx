import { type ReactNode, useLayoutEffect, useRef } from 'react'

/** What the focus can go to without bringing up the keyboard of a phone. */
const focusable = 'a[href], button:not(:disabled)'

/** Where something is: in each of its ancestors, from near to far, the index of the child that has it. */
type Place = readonly Readonly<{ parent: Element; index: number }>[]

/**
 * Stands around what may go away with the focus in it, for example with the row that one removes: then the focus goes to
 * what takes its place, or stands nearest. Its menus and dialogs are parts of it, wherever they are drawn.
 */
export function KeptFocus({ className = 'contents', children }: { className?: string; children: ReactNode }) {
  const part = useRef<HTMLSpanElement>(null)
  const view = useRef<string>(undefined)
  useLayoutEffect(() => {
    const here = part.current
    return () => {
      // Another view says itself where one begins.
      if (!here || view.current !== location.pathname) return
      const place = placeOf(here)
      // A dialog that closes gives the focus back first, to what is not there any more.
      requestAnimationFrame(() => document.activeElement === document.body && focusNear(place))
    }
  }, [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only what is in it has the focus
    <span
      ref={part}
      className={className}
      onFocus={() => {
        view.current = location.pathname
      }}
      onBlur={() => {
        view.current = undefined
      }}
    >
      {children}
    </span>
  )
}

function placeOf(part: Element): Place {
  const parent = part.parentElement
  return parent ? [{ parent, index: [...parent.children].indexOf(part) }, ...placeOf(parent)] : []
}

function focusNear(place: Place): void {
  for (const { parent, index } of place) {
    if (!parent.isConnected) continue
    const children = [...parent.children]
    const nearest = [...children.slice(index), ...children.slice(0, index).reverse()]
    const found = nearest.flatMap((child) => [child, ...child.querySelectorAll(focusable)]).find(isReachable)
    found?.focus()
    if (found) return
  }
}

function isReachable(element: Element): element is HTMLElement {
  return element instanceof HTMLElement && element.matches(focusable) && element.checkVisibility()
}
