import { Outlet, useMatches } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Notifier } from '../../features/notifications/Notifier.tsx'
import { RoomsColumn } from '../../features/rooms/RoomsColumn.tsx'
import { useText } from '../../lib/i18n/use-text.ts'
import { useLayout } from '../../lib/media-query.ts'
import { classNames } from '../../ui/class-names.ts'
import { PendingPage } from '../PendingPage.tsx'
import { BottomBar } from './BottomBar.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { NavigationRail } from './NavigationRail.tsx'
import { PaletteHost } from './PaletteHost.tsx'
import { ShortcutsHost } from './ShortcutsHost.tsx'
import { TitleAndIcon } from './TitleAndIcon.tsx'

/** Where the skip link leads. */
const viewTarget = { id: 'view', tabIndex: -1 }

/**
 * The frame of everything that needs a login: on a desktop a rail, the list of chats and the view; on a tablet the same
 * without a panel beside the view; on a phone one column and a bar at the bottom.
 */
export function Shell() {
  const text = useText()
  const layout = useLayout()
  const { section = 'chats', isDetail = false } = useMatches({
    select: (matches) => matches.at(-1)?.staticData ?? {},
  })
  const isPhone = layout === 'phone'
  const hasList = section === 'chats' && !(isPhone && isDetail)
  const hasView = !isPhone || section !== 'chats' || isDetail
  const List = hasView ? 'aside' : 'main'
  return (
    <div className="flex h-full flex-col bg-canvas">
      <a
        href="#view"
        className="absolute start-2 top-2 z-50 -translate-y-20 rounded-md bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {text('app.skip')}
      </a>
      <TitleAndIcon />
      <Notifier />
      <PaletteHost />
      <ShortcutsHost />
      <ConnectionBanner />
      <div className="flex min-h-0 grow">
        {isPhone ? null : <NavigationRail />}
        {hasList ? (
          <List
            {...(hasView ? { 'aria-label': text('app.chats') } : viewTarget)}
            className={classNames(
              'flex min-h-0 flex-col border-line bg-surface',
              isPhone ? 'grow' : 'w-80 shrink-0 border-e',
            )}
          >
            <RoomsColumn />
          </List>
        ) : null}
        {hasView ? (
          <main {...viewTarget} className="flex min-h-0 min-w-0 grow flex-col outline-none">
            <Suspense fallback={<PendingPage />}>
              <Outlet />
            </Suspense>
          </main>
        ) : null}
      </div>
      {isPhone && !isDetail ? <BottomBar /> : null}
    </div>
  )
}
