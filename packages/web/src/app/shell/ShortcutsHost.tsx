import { Suspense, useState } from 'react'
import { useHotkey } from '../../lib/hotkeys.ts'
import { lazyPart } from '../../ui/lazy-part.tsx'

const ShortcutsDialog = lazyPart(
  async () => (await import('../../features/settings/ShortcutsDialog.tsx')).ShortcutsDialog,
)

/** Holds the list of shortcuts, that `?` opens; it is loaded when it is first wanted. */
export function ShortcutsHost() {
  const [isOpen, setIsOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  useHotkey('?', () => {
    setIsOpen(true)
    setWasOpened(true)
  })
  if (!wasOpened) return null
  return (
    <Suspense>
      <ShortcutsDialog isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </Suspense>
  )
}
