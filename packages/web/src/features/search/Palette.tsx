import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { OptionList, optionId } from './OptionList.tsx'
import { flatten, type Option } from './options.ts'
import { type OnDone, useChoose } from './use-choose.ts'
import { useOptions } from './use-options.ts'

/** What is in the palette: a field and what it finds, as a combobox whose list is always open. */
export function Palette({ begun, onClose, onDone }: { begun: string; onClose: () => void; onDone: OnDone }) {
  const text = useText()
  const id = useId()
  const [search, setSearch] = useState(begun)
  const [chosen, setChosen] = useState<string>()
  const query = search.trim()
  const { groups, isPending, error, retry } = useOptions(query)
  const { choose, opening } = useChoose(onDone)
  const options = flatten(groups)
  const active = options.find((option) => option.id === chosen) ?? options[0]
  const move = (by: 1 | -1) => {
    const at = active ? options.indexOf(active) : -1
    setChosen(options.at((at + by) % options.length)?.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && active) choose(active)
    else return
    event.preventDefault()
  }
  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-3 border-b border-line ps-5 pe-3">
        <span aria-hidden className="text-muted">
          {isPending ? <Spinner size={20} /> : <Search size={20} />}
        </span>
        <input
          type="text"
          role="combobox"
          aria-label={text('search.field')}
          aria-expanded={options.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={active ? optionId(id, active.id) : undefined}
          placeholder={text('search.field')}
          enterKeyHint="go"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setChosen(undefined)
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 grow bg-transparent text-base text-ink outline-none placeholder:text-faint"
        />
        <IconButton size="sm" icon={<X size={18} aria-hidden />} label={text('search.close')} onClick={onClose} />
      </div>
      <div className="min-h-0 grow overflow-y-auto overscroll-contain tablet:min-h-80">
        <p role="status" className="sr-only">
          {query && !isPending ? text('search.found', { count: options.length }) : ''}
        </p>
        <OptionList
          id={id}
          label={text('search.title')}
          groups={groups}
          active={active?.id}
          opening={opening}
          onActive={(option: Option) => setChosen(option.id)}
          onChoose={choose}
        />
        {error ? <ErrorState error={error} onRetry={retry} /> : null}
        {isPending && options.length === 0 ? <ListSkeleton label={text('search.loading')} rows={4} /> : null}
        {!isPending && !error && options.length === 0 ? (
          <EmptyState title={text('search.nothing')}>{text('search.nothing.text', { query })}</EmptyState>
        ) : null}
      </div>
      <Hints />
    </>
  )
}

function Hints() {
  const text = useText()
  return (
    <footer
      aria-hidden
      className="hidden shrink-0 items-center gap-4 border-t border-line px-5 py-2.5 text-xs text-muted tablet:flex"
    >
      <span className="flex items-center gap-1.5">
        <Kbd>↑</Kbd>
        <Kbd>↓</Kbd> {text('search.hint.move')}
      </span>
      <span className="flex items-center gap-1.5">
        <Kbd>↵</Kbd> {text('search.hint.open')}
      </span>
      <span className="flex items-center gap-1.5">
        <Kbd>Esc</Kbd> {text('search.hint.close')}
      </span>
    </footer>
  )
}
