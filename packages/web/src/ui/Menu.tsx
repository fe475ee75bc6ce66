import { cloneElement, type ReactElement, Suspense } from 'react'
import { lazyPart } from './lazy-part.tsx'
import type { MenuEntry } from './MenuPopup.tsx'
import { usePopup } from './use-popup.ts'

export type { MenuEntry } from './MenuPopup.tsx'

const load = () => import('./MenuPopup.tsx')
const MenuPopup = lazyPart(async () => (await load()).MenuPopup)

/** What one can do, at the press of a button. `trigger` is that button: a `Button` or an `IconButton`. */
export function Menu({
  trigger,
  entries,
  align = 'end',
}: {
  trigger: ReactElement<object>
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end'
}) {
  const { isOpen, wasOpened, setIsOpen, anchor, triggerProps } = usePopup('menu', load)
  return (
    <>
      {cloneElement(trigger, triggerProps)}
      {wasOpened ? (
        <Suspense>
          <MenuPopup entries={entries} anchor={anchor} align={align} isOpen={isOpen} onOpenChange={setIsOpen} />
        </Suspense>
      ) : null}
    </>
  )
}
