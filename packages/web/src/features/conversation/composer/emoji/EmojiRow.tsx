// biome-ignore-all lint/a11y/useSemanticElements: rows of a table cannot be left out, as those are that nobody sees
import { classNames } from '../../../../ui/class-names.ts'
import type { Emoji } from './catalog.ts'
import { type Tone, withTone } from './habits.ts'
import type { Cell, PickerRow } from './rows.ts'

type EmojiRowProps = {
  row: PickerRow
  index: number
  /** Where it stands, in pixels from the first. */
  top: number
  /** The name of its group. */
  name: string
  tone: Tone
  activeColumn: number | undefined
  cellId: (cell: Cell) => string
  onPick: (emoji: Emoji) => void
}

/** The name of a group, or emoji beside each other. */
export function EmojiRow({ row, index, top, name, tone, activeColumn, cellId, onPick }: EmojiRowProps) {
  const place = { transform: `translateY(${top}px)` }
  const look = 'absolute inset-x-0 top-0 h-10'
  if (row.emoji.length === 0) {
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field, which says where one is
      <div role="row" aria-rowindex={index + 1} style={place} className={look}>
        <div role="gridcell" tabIndex={-1} className="px-1 pt-4 text-xs font-semibold text-muted">
          {name}
        </div>
      </div>
    )
  }
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field, which says where one is
    <div role="row" aria-rowindex={index + 1} style={place} className={classNames(look, 'grid grid-cols-8')}>
      {row.emoji.map((emoji, column) => (
        <button
          key={emoji.unicode}
          id={cellId({ row: index, column })}
          type="button"
          role="gridcell"
          tabIndex={-1}
          aria-label={emoji.name}
          aria-selected={column === activeColumn}
          title={emoji.name}
          onClick={() => onPick(emoji)}
          className={classNames(
            'grid size-10 place-items-center rounded-md text-2xl leading-none hover:bg-hover',
            column === activeColumn && 'bg-hover outline-2 outline-accent -outline-offset-2',
          )}
        >
          {withTone(emoji, tone)}
        </button>
      ))}
    </div>
  )
}
