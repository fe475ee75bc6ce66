import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { classNames } from './class-names.ts'
import { itemLook, popupLook } from './popup-look.ts'
import { isOnAnchor } from './use-popup.ts'

/** One thing in a menu; `separator` draws a line. */
export type MenuEntry =
  | { kind: 'separator'; key: string }
  | {
      kind?: 'action'
      key: string
      label: string
      icon?: ReactNode
      isDangerous?: boolean
      isDisabled?: boolean
      onSelect: () => void
    }
  | { kind: 'check'; key: string; label: string; isChecked: boolean; onChange: (isChecked: boolean) => void }

/** A place on the screen, or the element to be beside. */
export type Anchor = RefObject<HTMLElement | null> | { getBoundingClientRect: () => DOMRect }

/** The part of a `Menu` or `ContextMenu` that floats. */
export function MenuPopup({
  entries,
  anchor,
  align,
  isOpen,
  onOpenChange,
}: {
  entries: readonly MenuEntry[]
  anchor: Anchor
  align: 'start' | 'center' | 'end'
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  return (
    <Base.Root
      modal={false}
      open={isOpen}
      onOpenChange={(open, details) => isOnAnchor(anchor, details) || onOpenChange(open)}
    >
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none" anchor={anchor} sideOffset={4} align={align}>
          <Base.Popup className={`${popupLook} min-w-48`} {...('current' in anchor && { finalFocus: anchor })}>
            {entries.map((entry) => (
              <Entry key={entry.key} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'separator') return <Base.Separator className="my-1.5 h-px bg-line" />
  if (entry.kind === 'check') {
    return (
      <Base.CheckboxItem className={itemLook} checked={entry.isChecked} onCheckedChange={entry.onChange}>
        <span className="grid size-4 place-items-center">
          <Base.CheckboxItemIndicator>
            <Check size={16} aria-hidden />
          </Base.CheckboxItemIndicator>
        </span>
        {entry.label}
      </Base.CheckboxItem>
    )
  }
  return (
    <Base.Item
      className={classNames(itemLook, entry.isDangerous && 'text-danger-ink')}
      disabled={entry.isDisabled ?? false}
      onClick={entry.onSelect}
    >
      {entry.icon}
      {entry.label}
    </Base.Item>
  )
}
