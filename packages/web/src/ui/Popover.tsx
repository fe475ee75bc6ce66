import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { popupLook } from './popup-look.ts'

/** Something of any kind at a button, for example a picker. `title` names it for screen readers. */
export function Popover({
  trigger,
  title,
  children,
  isOpen,
  onOpenChange,
  side = 'bottom',
}: {
  trigger: ReactElement
  title: string
  children: ReactNode
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  side?: 'top' | 'bottom'
}) {
  return (
    <Base.Root {...(isOpen !== undefined && { open: isOpen })} {...(onOpenChange && { onOpenChange })}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50" side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className={popupLook}>
            <Base.Title className="sr-only">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
