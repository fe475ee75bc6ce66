import { useEffect } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { OptionRow } from './OptionRow.tsx'
import type { Option, OptionGroup } from './options.ts'

/** The options of the palette. The focus stays in the field, which names the active one. */
export function OptionList({
  id,
  label,
  groups,
  active,
  opening,
  onActive,
  onChoose,
}: {
  id: string
  label: string
  groups: readonly OptionGroup[]
  active: string | undefined
  opening: string | undefined
  onActive: (option: Option) => void
  onChoose: (option: Option) => void
}) {
  useEffect(() => {
    if (active !== undefined) document.getElementById(optionId(id, active))?.scrollIntoView({ block: 'nearest' })
  }, [id, active])
  return (
    <div id={id} role="listbox" aria-label={label} className="px-2">
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
        <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`} className="pb-2">
          <div id={`${id}-${group.id}`} className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">
            {group.title}
          </div>
          {group.options.map((option) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
            <div
              key={option.id}
              id={optionId(id, option.id)}
              role="option"
              aria-selected={option.id === active}
              onPointerMove={() => onActive(option)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onChoose(option)}
              className={classNames('cursor-pointer rounded-lg', option.id === active && 'bg-selected')}
            >
              <OptionRow option={option} isOpening={option.id === opening} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

/** The id of an option's element. */
export function optionId(list: string, option: string): string {
  return `${list}-${option}`
}
