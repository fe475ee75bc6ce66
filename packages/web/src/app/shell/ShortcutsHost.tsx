import { lazy, Suspense, useState } from 'react'
import { useHotkey } from '../../lib/hotkeys.ts'

const ShortcutsDialog = lazy(async () => {
  const { ShortcutsDialog: default_ } = await import('../../features/settings/ShortcutsDialog.tsx')
  return { default: default_ }
})

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
