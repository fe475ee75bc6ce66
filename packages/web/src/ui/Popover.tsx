import { cloneElement, type ReactElement, type ReactNode, type RefObject, Suspense } from 'react'
import { lazyPart } from './lazy-part.tsx'
import { usePopup } from './use-popup.ts'

const load = () => import('./PopoverPopup.tsx')
const PopoverPopup = lazyPart(async () => (await load()).PopoverPopup)

/**
 * Something of any kind at a button, for example a picker. `title` names it for screen readers; `children` may be a
 * function that gets what closes it.
 */
export function Popover({
  trigger,
  title,
  children,
  side = 'bottom',
  finalFocus,
}: {
  trigger: ReactElement<object>
  title: string
  children: ReactNode | ((close: () => void) => ReactNode)
  side?: 'top' | 'bottom'
  /** Where the focus goes when it closes, where that is not the button. */
  finalFocus?: RefObject<HTMLElement | null>
}) {
  const { isOpen, wasOpened, setIsOpen, anchor, triggerProps } = usePopup('dialog', load)
  return (
    <>
      {cloneElement(trigger, triggerProps)}
      {wasOpened ? (
        <Suspense>
          <PopoverPopup
            title={title}
            anchor={anchor}
            side={side}
            isOpen={isOpen}
            onOpenChange={setIsOpen}
            finalFocus={finalFocus ?? anchor}
          >
            {typeof children === 'function' ? children(() => setIsOpen(false)) : children}
          </PopoverPopup>
        </Suspense>
      ) : null}
    </>
  )
}
