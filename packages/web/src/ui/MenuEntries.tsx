import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { itemLook } from './popup-look.ts'

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

/** The inside of a `Menu` or `ContextMenu`. */
export function MenuEntries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry) => <Entry key={entry.key} entry={entry} />)
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
