import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useLayout } from '../../lib/media-query.ts'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { useSettingsSections } from './sections.tsx'

/** The list of sections and the one that is chosen; on a phone one of the two. */
export function SettingsPage({ section: wanted }: { section: string | undefined }) {
  const text = useText()
  const isPhone = useLayout() === 'phone'
  const sections = useSettingsSections()
  const chosen = sections.find(({ id }) => id === wanted) ?? (isPhone ? undefined : sections[0])
  useDocumentTitle(chosen?.label ?? text('settings.title'))
  return (
    <>
      <PanelHeader
        leading={
          isPhone && chosen ? (
            <Link to="/settings" aria-label={text('settings.back')} className={iconButtonLook()}>
              <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
            </Link>
          ) : undefined
        }
        title={(isPhone && chosen?.label) || text('settings.title')}
      />
      <div className="flex min-h-0 grow">
        {isPhone && chosen ? null : (
          <nav
            aria-label={text('settings.sections')}
            className="w-full shrink-0 overflow-y-auto border-line p-2 tablet:w-64 tablet:border-e"
          >
            <ul>
              {sections.map((section) => (
                <li key={section.id}>
                  <Link
                    to="/settings/$section"
                    params={{ section: section.id }}
                    aria-current={section.id === chosen?.id ? 'page' : undefined}
                    className={rowLook(section.id === chosen?.id)}
                  >
                    <ListRow leading={section.icon} title={section.label} />
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {chosen ? (
          <div className="min-w-0 grow overflow-y-auto p-6">
            <div className="mx-auto flex max-w-lg flex-col gap-6">{chosen.content}</div>
          </div>
        ) : null}
      </div>
    </>
  )
}
