import { lazy, Suspense, useEffect, useState } from 'react'
import { useHotkey } from '../../lib/hotkeys.ts'
import { onOpenPalette } from '../../lib/palette.ts'

const CommandPalette = lazy(async () => {
  const { CommandPalette: default_ } = await import('../../features/search/CommandPalette.tsx')
  return { default: default_ }
})

/** Holds the search over everything, that `mod+k` and `openPalette()` open; it is loaded when it is first wanted. */
export function PaletteHost() {
  const [isOpen, setIsOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  const open = () => {
    setIsOpen(true)
    setWasOpened(true)
  }
  useHotkey('mod+k', open)
  useEffect(() => onOpenPalette(open))
  if (!wasOpened) return null
  return (
    <Suspense>
      <CommandPalette isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </Suspense>
  )
}
