import { ContextMenu as Base } from '@base-ui/react/context-menu'
import type { ReactElement } from 'react'
import { MenuEntries, type MenuEntry } from './MenuEntries.tsx'
import { popupLook } from './popup-look.ts'

/**
 * What one can do with something, at a right click, a long press or the menu key. Offer the same by a visible button:
 * nobody has to guess that this is there.
 */
export function ContextMenu({ entries, children }: { entries: readonly MenuEntry[]; children: ReactElement }) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none">
          <Base.Popup className={`${popupLook} min-w-48`}>
            <MenuEntries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
