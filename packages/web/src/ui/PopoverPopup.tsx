import { Popover as Base } from '@base-ui/react/popover'
import type { ReactNode, RefObject } from 'react'
import { popupLook } from './popup-look.ts'
import { isOnAnchor } from './use-popup.ts'

/** The part of a `Popover` that floats. */
export function PopoverPopup({
  title,
  anchor,
  side,
  isOpen,
  onOpenChange,
  finalFocus,
  children,
}: {
  title: string
  anchor: RefObject<HTMLElement | null>
  side: 'top' | 'bottom'
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  finalFocus: RefObject<HTMLElement | null>
  children: ReactNode
}) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open, details) => isOnAnchor(anchor, details) || onOpenChange(open)}>
      <Base.Portal>
        <Base.Positioner className="z-50" anchor={anchor} side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className={popupLook} finalFocus={finalFocus}>
            <Base.Title className="sr-only">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
