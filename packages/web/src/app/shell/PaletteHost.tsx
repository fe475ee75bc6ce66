import { Suspense, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { useHotkey } from '../../lib/hotkeys.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { onOpenPalette } from '../../lib/palette.ts'
import { lazyPart, TellMissing } from '../../ui/lazy-part.tsx'

const CommandPalette = lazyPart(
  async () => (await import('../../features/search/CommandPalette.tsx')).CommandPalette,
  MissingPalette,
)

/** Holds the search over everything, that `mod+k` and `openPalette()` open; it is loaded when it is first wanted. */
export function PaletteHost() {
  const [isOpen, setIsOpen] = useState(false)
  const [openings, setOpenings] = useState(0)
  const [begun, setBegun] = useState('')
  const open = () => {
    if (isOpen) return
    setIsOpen(true)
    setOpenings(openings + 1)
    setBegun('')
  }
  const close = () => setIsOpen(false)
  useHotkey('mod+k', open)
  useEffect(() => onOpenPalette(open))
  if (openings === 0) return null
  return (
    <Suspense fallback={isOpen ? <Waiting onType={setBegun} onClose={close} /> : null}>
      <CommandPalette key={openings} isOpen={isOpen} begun={begun} onClose={close} />
    </Suspense>
  )
}

/** Takes what is typed until the search is there: in the field that had the focus it would be sent with the next Enter. */
function Waiting({ onType, onClose }: { onType: (words: string) => void; onClose: () => void }) {
  const text = useText()
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    field.current?.focus()
    return () => {
      // Where the search gives the focus back to when it is closed.
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <input
      ref={field}
      aria-label={text('app.search')}
      className="sr-only"
      onChange={(event) => onType(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    />
  )
}

/** Is closed at once, so that it can be opened again. */
function MissingPalette({ onClose }: { onClose: () => void }) {
  const close = useEffectEvent(onClose)
  useEffect(() => close(), [])
  return <TellMissing />
}
