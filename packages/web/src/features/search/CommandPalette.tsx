import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { SearchResults } from './SearchResults.tsx'

/** Looks in people, rooms and messages at once. */
export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText()
  const [search, setSearch] = useState('')
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('search.title')}>
      <SearchField label={text('search.field')} value={search} onChange={setSearch} />
      <SearchResults wanted={search.trim()} onChoose={onClose} />
    </Dialog>
  )
}
