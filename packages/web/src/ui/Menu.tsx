import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement } from 'react'
import { MenuEntries, type MenuEntry } from './MenuEntries.tsx'
import { popupLook } from './popup-look.ts'

/** What one can do, at the press of a button. `trigger` is that button: a `Button` or an `IconButton`. */
export function Menu({
  trigger,
  entries,
  align = 'end',
}: {
  trigger: ReactElement
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end'
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none" sideOffset={4} align={align}>
          <Base.Popup className={`${popupLook} min-w-48`}>
            <MenuEntries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
