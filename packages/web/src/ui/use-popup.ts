import { type KeyboardEvent, useRef, useState } from 'react'

/** What `usePopup` gives a button that opens something. It takes the place of the button's own handlers. */
export type PopupTriggerProps = {
  ref: (button: HTMLElement | null) => void
  'aria-haspopup': 'menu' | 'dialog'
  'aria-expanded': boolean
  onClick: () => void
  onPointerEnter: () => void
  onFocus: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

/**
 * A button with something that floats beside it. The button is there at once; the code that floats is loaded when a
 * pointer or the focus comes near, so that views without an open popup do without it.
 *
 * @param load fetches that code; called as often as somebody comes near
 */
export function usePopup(kind: 'menu' | 'dialog', load: () => Promise<unknown>) {
  const [isOpen, setIsOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  const anchor = useRef<HTMLElement>(null)
  const open = (next: boolean) => {
    setIsOpen(next)
    if (next) setWasOpened(true)
  }
  // Where it fails it is fetched when it is wanted.
  const prepare = () => void load().catch(() => {})
  const triggerProps: PopupTriggerProps = {
    ref: (button) => {
      anchor.current = button
    },
    'aria-haspopup': kind,
    'aria-expanded': isOpen,
    onPointerEnter: prepare,
    onFocus: prepare,
    onClick: () => open(!isOpen),
    onKeyDown: (event) => {
      if (kind !== 'menu' || event.key !== 'ArrowDown') return
      event.preventDefault()
      open(true)
    },
  }
  return { isOpen, wasOpened, setIsOpen: open, anchor, triggerProps }
}

/** Whether a press that closes a popup was on the button that opened it: the click that follows does that already. */
export function isOnAnchor(anchor: unknown, { reason, event }: { reason: string; event: Event }): boolean {
  if (reason !== 'outside-press' || typeof anchor !== 'object' || anchor === null || !('current' in anchor))
    return false
  return anchor.current instanceof Node && event.target instanceof Node && anchor.current.contains(event.target)
}
