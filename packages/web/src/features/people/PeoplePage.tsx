import { useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useDebounced } from '../../lib/use-debounced.ts'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { FoundPeople } from './FoundPeople.tsx'
import { KnownPeople, type PeopleTab } from './KnownPeople.tsx'

/** Friends, requests and blocks; and, as soon as something is looked for, everybody. */
export function PeoplePage({ tab }: { tab: PeopleTab }) {
  const text = useText()
  const [search, setSearch] = useState('')
  const wanted = useDebounced(search.trim())
  const isSearching = search.trim() !== ''
  useDocumentTitle(text('people.title'))
  return (
    <>
      <PanelHeader title={text('people.title')} />
      <div className="mx-auto flex min-h-0 w-full max-w-2xl grow flex-col">
        <div className="shrink-0 px-4 pt-4 pb-2">
          <SearchField label={text('people.find')} value={search} onChange={setSearch} />
        </div>
        {isSearching ? <FoundPeople wanted={wanted} /> : <KnownPeople tab={tab} />}
      </div>
    </>
  )
}
