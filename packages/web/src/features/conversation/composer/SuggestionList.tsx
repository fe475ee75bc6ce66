import { useEffect, useRef } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { displayName } from '../../../lib/names.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { inOwnTone } from './emoji/habits.ts'
import type { Suggestion } from './use-suggestions.ts'

type SuggestionListProps = {
  id: string
  suggestions: readonly Suggestion[]
  activeIndex: number
  onPick: (suggestion: Suggestion) => void
}

/** What may be meant, over the text area, in which the focus stays. */
export function SuggestionList({ id, suggestions, activeIndex, onPick }: SuggestionListProps) {
  const text = useText()
  const active = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another element is the active one then
  useEffect(() => {
    // What it answers is no clean-up: newer browsers answer a promise.
    active.current?.scrollIntoView({ block: 'nearest' })
  }, [activeIndex])
  return (
    <div
      id={id}
      role="listbox"
      aria-label={text('composer.suggestions')}
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 w-80 max-w-full overflow-y-auto rounded-lg border border-line bg-raised p-1.5 shadow-float"
    >
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the text area choose
        <div
          key={suggestion.key}
          ref={index === activeIndex ? active : undefined}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === activeIndex}
          tabIndex={-1}
          // The focus stays where one writes.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(suggestion)}
          className={classNames(
            'flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-2.5 py-1 text-sm hover:bg-hover',
            index === activeIndex && 'bg-selected',
          )}
        >
          <Content suggestion={suggestion} />
        </div>
      ))}
    </div>
  )
}

function Content({ suggestion }: { suggestion: Suggestion }) {
  if (suggestion.kind === 'emoji') {
    const { emoji } = suggestion
    return (
      <>
        <span aria-hidden className="text-xl leading-none">
          {inOwnTone(emoji)}
        </span>
        <span className="truncate">{emoji.name}</span>
        <bdi className="ms-auto shrink-0 text-xs text-muted">{emoji.codes[0] ? `:${emoji.codes[0]}:` : ''}</bdi>
      </>
    )
  }
  const { person } = suggestion
  return (
    <>
      <Avatar name={displayName(person)} image={person.profile_pic} size="xs" />
      <span dir="auto" className="truncate font-medium">
        {displayName(person)}
      </span>
      <bdi className="ms-auto shrink-0 text-xs text-muted">{`@${person.username}`}</bdi>
    </>
  )
}
