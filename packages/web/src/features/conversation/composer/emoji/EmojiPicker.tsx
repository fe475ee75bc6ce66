// biome-ignore-all lint/a11y/useSemanticElements: rows of a table cannot be left out, as those are that nobody sees
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { useText } from '../../../../lib/i18n/use-text.ts'
import { EmptyState } from '../../../../ui/EmptyState.tsx'
import { SearchField } from '../../../../ui/SearchField.tsx'
import { Skeleton } from '../../../../ui/Skeleton.tsx'
import { type Catalog, type Emoji, useCatalog } from './catalog.ts'
import { EmojiRow } from './EmojiRow.tsx'
import { GroupBar } from './GroupBar.tsx'
import { noteEmoji, useHabits, withTone } from './habits.ts'
import { type Cell, firstCell, listRows, moveCell } from './rows.ts'
import { ToneMenu } from './ToneMenu.tsx'
import { useGroupNames } from './use-group-names.ts'

/** How high a row is. In pixels. */
const ROW = 40

const MOVES: Readonly<Record<string, { rows: number; columns: number }>> = {
  ArrowDown: { rows: 1, columns: 0 },
  ArrowUp: { rows: -1, columns: 0 },
  ArrowRight: { rows: 0, columns: 1 },
  ArrowLeft: { rows: 0, columns: -1 },
}

/** All emoji: to be looked through by group, or searched; the keys of the search field move among them. */
export function EmojiPicker({ onPick }: { onPick: (unicode: string) => void }) {
  const catalog = useCatalog(true)
  return (
    <div className="flex h-88 w-[21.5rem] max-w-[calc(100vw-2rem)] flex-col gap-2">
      {catalog ? <Loaded catalog={catalog} onPick={onPick} /> : <Loading />}
    </div>
  )
}

function Loaded({ catalog, onPick }: { catalog: Catalog; onPick: (unicode: string) => void }) {
  const text = useText()
  const id = useId()
  const names = useGroupNames()
  const { recent: current, tone } = useHabits()
  // What is picked now moves to the front the next time, not under the pointer.
  const [recent] = useState(current)
  const [query, setQuery] = useState('')
  const rows = useMemo(() => listRows(catalog, query, recent), [catalog, query, recent])
  const [cell, setCell] = useState<Cell>(() => firstCell(rows))
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 4,
  })
  const active = rows[cell.row]?.emoji[cell.column]
  const cellId = (at: Cell) => `${id}-${at.row}-${at.column}`

  const pick = (emoji: Emoji) => {
    noteEmoji(emoji)
    onPick(withTone(emoji, tone))
  }
  const search = (next: string) => {
    setQuery(next)
    setCell(firstCell(listRows(catalog, next, recent)))
    virtual.scrollToIndex(0)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isRtl = document.documentElement.dir === 'rtl'
    const move = MOVES[event.key]
    if (event.key === 'Enter' && active && !event.nativeEvent.isComposing) {
      event.preventDefault()
      pick(active)
    }
    if (!move) return
    event.preventDefault()
    const next = moveCell(rows, cell, isRtl ? { ...move, columns: -move.columns } : move)
    setCell(next)
    virtual.scrollToIndex(next.row)
  }
  const [first] = virtual.getVirtualItems()
  return (
    <>
      <div className="flex items-center gap-1">
        <SearchField
          label={text('composer.emoji.search')}
          value={query}
          onChange={search}
          onKeyDown={onKeyDown}
          className="grow"
          role="combobox"
          aria-expanded
          aria-haspopup="grid"
          aria-autocomplete="list"
          aria-controls={id}
          aria-activedescendant={active ? cellId(cell) : undefined}
        />
        <ToneMenu />
      </div>
      {query ? null : (
        <GroupBar
          groups={rows.filter(({ emoji }) => emoji.length === 0).map(({ group }) => group)}
          current={rows[first?.index ?? 0]?.group}
          onSelect={(group) => {
            const row = rows.findIndex((one) => one.group === group)
            virtual.scrollToIndex(row, { align: 'start' })
            setCell({ row: row + 1, column: 0 })
          }}
        />
      )}
      <div ref={scroller} className="h-0 grow overflow-y-auto overscroll-contain">
        <div
          id={id}
          role="grid"
          aria-label={text('composer.emoji')}
          aria-rowcount={rows.length}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            return row ? (
              <EmojiRow
                key={index}
                row={row}
                index={index}
                top={start}
                name={names.get(row.group) ?? ''}
                tone={tone}
                activeColumn={index === cell.row ? cell.column : undefined}
                cellId={cellId}
                onPick={pick}
              />
            ) : null
          })}
        </div>
        {rows.length === 0 ? <EmptyState title={text('composer.emoji.none')} level="h3" /> : null}
      </div>
      <p aria-hidden className="h-5 shrink-0 truncate px-1 text-xs text-muted">
        {active ? `${active.name}  ${active.codes[0] ? `:${active.codes[0]}:` : ''}` : ''}
      </p>
    </>
  )
}

function Loading() {
  const text = useText()
  return (
    <div role="status" className="flex grow flex-col gap-3">
      <span className="sr-only">{text('composer.emoji.loading')}</span>
      <Skeleton className="h-10" />
      <Skeleton className="h-9" />
      <Skeleton className="grow" />
    </div>
  )
}
