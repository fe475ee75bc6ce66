import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { PersonCard } from './PersonCard.tsx'
import { SharedGroups } from './SharedGroups.tsx'
import { nameOf, usePerson } from './use-person.ts'

/** Somebody's profile. */
export function PersonPage({ userId }: { userId: number }) {
  const text = useText()
  const { data: user } = usePerson(userId)
  const name = user && nameOf(user)
  useDocumentTitle(name)
  return (
    <>
      <PanelHeader
        leading={
          <Link
            to="/people"
            aria-label={text('people.back')}
            data-tooltip={text('people.back')}
            className={iconButtonLook()}
          >
            <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
          </Link>
        }
        title={name ?? text('people.profile')}
      />
      <div className="min-h-0 grow overflow-y-auto">
        <div className="mx-auto w-full max-w-md">
          <PersonCard userId={userId} />
          {user ? <SharedGroups userId={userId} username={user.username} /> : null}
        </div>
      </div>
    </>
  )
}
