import { type ReactNode, Suspense } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useLayout } from '../../lib/media-query.ts'
import { PendingPage } from '../PendingPage.tsx'

/** A conversation and what stands beside it; where there is no room for both, the panel stands in its place. */
export function RoomLayout({ conversation, panel }: { conversation: ReactNode; panel: ReactNode }) {
  const text = useText()
  const isWide = useLayout() === 'desktop'
  return (
    <div className="flex min-h-0 grow">
      <section
        aria-label={text('app.conversation')}
        hidden={panel !== undefined && !isWide}
        className="flex min-h-0 min-w-0 grow flex-col hidden:hidden"
      >
        <Suspense fallback={<PendingPage />}>{conversation}</Suspense>
      </section>
      {panel === undefined ? null : (
        <aside
          aria-label={text('app.panel')}
          className="flex min-h-0 w-full flex-col border-line bg-surface desktop:w-88 desktop:shrink-0 desktop:border-s"
        >
          <Suspense fallback={<PendingPage />}>{panel}</Suspense>
        </aside>
      )}
    </div>
  )
}
