import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useHotkey } from '../../lib/hotkeys.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { onOpenPalette } from '../../lib/palette.ts'

const CommandPalette = lazy(async () => {
  const { CommandPalette: default_ } = await import('../../features/search/CommandPalette.tsx')
  return { default: default_ }
})

/** Holds the search over everything, that `mod+k` and `openPalette()` open; it is loaded when it is first wanted. */
export function PaletteHost() {
  const [isOpen, setIsOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  const [begun, setBegun] = useState('')
  const open = () => {
    setIsOpen(true)
    setWasOpened(true)
    setBegun('')
  }
  useHotkey('mod+k', open)
  useEffect(() => onOpenPalette(open))
  if (!wasOpened) return null
  return (
    <Suspense fallback={<Waiting onType={setBegun} />}>
      <CommandPalette isOpen={isOpen} begun={begun} onClose={() => setIsOpen(false)} />
    </Suspense>
  )
}

/** Takes what is typed until the search is there: in the field that had the focus it would be sent with the next Enter. */
function Waiting({ onType }: { onType: (words: string) => void }) {
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
    <div role="dialog" aria-label={text('app.search')} className="sr-only">
      <input ref={field} aria-label={text('app.search')} onChange={(event) => onType(event.currentTarget.value)} />
    </div>
  )
}
