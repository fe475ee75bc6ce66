import { usePresence } from '@confab/client/react'
import { Check, UserRoundSearch, X } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { type Candidate, useCandidates } from './use-candidates.ts'

export type PeoplePickerProps = {
  chosen: readonly Candidate[]
  onChange: (chosen: readonly Candidate[]) => void
  /** Those who cannot be chosen, by id. */
  without?: ReadonlySet<number>
}

/**
 * Chooses people: those chosen as chips, a search, and who was found. Arrow keys go through the list and back to the
 * search, Enter takes the first, Backspace in an empty search takes the last one back.
 */
export function PeoplePicker({ chosen, onChange, without }: PeoplePickerProps) {
  const text = useText()
  const [search, setSearch] = useState('')
  const candidates = useCandidates(search)
  const list = useRef<HTMLUListElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const people = candidates.people.filter(({ id }) => !without?.has(id))
  const isChosen = ({ id }: Candidate) => chosen.some((one) => one.id === id)
  const toggle = (person: Candidate) => {
    onChange(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person])
  }
  const onFieldKeyDown = (event: KeyboardEvent) => {
    const [first] = people
    if (event.key === 'Backspace' && search === '') onChange(chosen.slice(0, -1))
    else if (event.key === 'Enter' && first && search !== '') {
      event.preventDefault()
      toggle(first)
      setSearch('')
    } else if (event.key === 'ArrowDown') {
      event.preventDefault()
      rowsOf(list.current)[0]?.focus()
    }
  }
  const onListKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const rows = rowsOf(list.current)
    const at = rows.findIndex((row) => row.matches(':focus')) + step
    if (at < 0) field.current?.focus()
    else rows[at]?.focus()
  }
  return (
    <div className="flex min-h-72 grow flex-col">
      <Chips chosen={chosen} onRemove={toggle} />
      <SearchField
        ref={field}
        className="shrink-0"
        label={text('groups.new.find')}
        value={search}
        onChange={setSearch}
        onKeyDown={onFieldKeyDown}
        autoComplete="off"
      />
      <div className="-mx-2.5 mt-2 min-h-0 grow overflow-y-auto">
        {candidates.isPending && !candidates.error ? <ListSkeleton label={text('groups.loading')} /> : null}
        {candidates.error && people.length === 0 ? (
          <ErrorState error={candidates.error} onRetry={candidates.retry} />
        ) : null}
        {!candidates.isPending && !candidates.error && people.length === 0 ? (
          <EmptyState icon={<UserRoundSearch size={26} />} title={text('groups.new.nobody')}>
            {text('groups.new.nobody.text')}
          </EmptyState>
        ) : null}
        <ul ref={list} aria-label={text('groups.people')} onKeyDown={onListKeyDown}>
          {people.map((person) => (
            <li key={person.id}>
              <CandidateRow person={person} isChosen={isChosen(person)} onToggle={() => toggle(person)} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function CandidateRow({ person, isChosen, onToggle }: { person: Candidate; isChosen: boolean; onToggle: () => void }) {
  const presence = usePresence(person.id)
  const name = displayName(person)
  return (
    // biome-ignore lint/a11y/useSemanticElements: the whole row is pressed, which an input cannot be
    <button type="button" role="checkbox" aria-checked={isChosen} onClick={onToggle} className={rowLook()}>
      <ListRow
        leading={<Avatar name={name} image={person.profile_pic} isOnline={presence?.online_status} />}
        title={name}
        detail={<bdi>@{person.username}</bdi>}
        trailing={
          <span
            aria-hidden
            className={classNames(
              'grid size-6 shrink-0 place-items-center rounded-full border transition-colors',
              isChosen ? 'border-accent bg-accent text-on-accent' : 'border-line-strong',
            )}
          >
            {isChosen ? <Check size={15} strokeWidth={3} /> : null}
          </span>
        }
      />
    </button>
  )
}

function Chips({ chosen, onRemove }: { chosen: readonly Candidate[]; onRemove: (person: Candidate) => void }) {
  const text = useText()
  const list = useRef<HTMLUListElement>(null)
  const seen = useRef(0)
  // Who was chosen last is seen to be.
  useLayoutEffect(() => {
    if (chosen.length > seen.current) list.current?.scrollTo({ top: list.current.scrollHeight })
    seen.current = chosen.length
  }, [chosen.length])
  if (chosen.length === 0) return null
  return (
    <ul
      ref={list}
      aria-label={text('groups.chosen')}
      className="mb-3 flex max-h-28 shrink-0 flex-wrap gap-1.5 overflow-y-auto"
    >
      {chosen.map((person) => {
        const name = displayName(person)
        return (
          <li key={person.id}>
            <KeptFocus>
              <button
                type="button"
                onClick={() => onRemove(person)}
                className="flex h-8 max-w-56 items-center gap-2 rounded-full bg-accent-soft ps-1 pe-2 text-sm text-accent-ink transition-colors hover:bg-selected"
              >
                <Avatar name={name} image={person.profile_pic} size="xs" />
                <span aria-hidden className="truncate">
                  {name}
                </span>
                <span className="sr-only">{text('groups.chosen.remove', { name })}</span>
                <X size={14} aria-hidden className="shrink-0" />
              </button>
            </KeptFocus>
          </li>
        )
      })}
    </ul>
  )
}

function rowsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role="checkbox"]') ?? [])]
}
