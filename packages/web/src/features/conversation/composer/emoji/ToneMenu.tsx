import { useState } from 'react'
import { useText } from '../../../../lib/i18n/use-text.ts'
import { classNames } from '../../../../ui/class-names.ts'
import { chooseTone, type Tone, tones, useHabits } from './habits.ts'

/** Which skin people have. The choices unfold beside each other over the search field. */
export function ToneMenu() {
  const text = useText()
  const { tone } = useHabits()
  const [isOpen, setIsOpen] = useState(false)
  const names: Record<Tone, string> = {
    '': text('composer.tone.none'),
    '🏻': text('composer.tone.light'),
    '🏼': text('composer.tone.medium_light'),
    '🏽': text('composer.tone.medium'),
    '🏾': text('composer.tone.medium_dark'),
    '🏿': text('composer.tone.dark'),
  }
  const choose = (next: Tone) => {
    chooseTone(next)
    setIsOpen(false)
  }
  const look = 'grid size-10 shrink-0 place-items-center rounded-md text-xl hover:bg-hover'
  return (
    <div className="relative">
      <button
        type="button"
        aria-label={`${text('composer.tone')}: ${names[tone]}`}
        title={text('composer.tone')}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className={look}
      >
        {`👋${tone}`}
      </button>
      {isOpen ? (
        <fieldset className="absolute end-full top-0 z-10 flex rounded-md border border-line bg-raised shadow-float">
          <legend className="sr-only">{text('composer.tone')}</legend>
          {tones.map((one) => (
            <button
              key={one}
              type="button"
              aria-label={names[one]}
              title={names[one]}
              aria-pressed={one === tone}
              onClick={() => choose(one)}
              className={classNames(look, one === tone && 'bg-selected')}
            >
              {`👋${one}`}
            </button>
          ))}
        </fieldset>
      ) : null}
    </div>
  )
}
