import { useText } from '../../lib/i18n/use-text.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { ShortcutList } from './shortcuts.tsx'

/** The keys of the app, at the press of one. */
export function ShortcutsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText()
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('settings.shortcuts')}>
      <ShortcutList />
    </Dialog>
  )
}
