import { useMe } from '@confab/client/react'
import { useMemo, useRef } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { useHiddenMessages } from '../deletions.ts'
import { DayPill } from './DayPill.tsx'
import { EdgeState } from './EdgeState.tsx'
import { JumpToLatest } from './JumpToLatest.tsx'
import { JumpToMention } from './JumpToMention.tsx'
import { ListRows } from './ListRows.tsx'
import type { Opening } from './opening.ts'
import { buildRows, type Row } from './rows.ts'
import type { ConversationView } from './use-conversation.ts'
import { useGoToPlace } from './use-go-to-place.ts'
import { useJumps } from './use-jumps.ts'
import { END_PX, useMessageVirtualizer } from './use-message-virtualizer.ts'
import { useMorePages } from './use-more-pages.ts'
import { useNewDivider } from './use-new-divider.ts'
import type { Places } from './use-opening.ts'
import { useReadMark } from './use-read-mark.ts'
import { useActiveRow, useRovingRows } from './use-roving-rows.ts'
import { useStayAtEnd } from './use-stay-at-end.ts'

/** So many rows from an end of what is here, more is fetched. */
const NEAR_ROWS = 40

/** The messages of a room: only those in sight are drawn, however many there are. */
export function MessageList({
  roomId,
  view,
  places,
  opening,
}: {
  roomId: number
  view: ConversationView
  places: Places
  opening: Opening
}) {
  const text = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useRows(roomId, view, opening)
  const active = useActiveRow()
  const tabStop = useRef<string>(undefined)
  const virtualizer = useMessageVirtualizer(rows, scroller, {
    hasOlder: view.hasOlder,
    hasNewer: view.hasNewer,
    activeKey: active[0],
  })
  const { marked, isThere, isSettled } = useGoToPlace(virtualizer, rows, places.place)
  const { goToLatest, goToDate } = useJumps(roomId, view, places.go)
  const roving = useRovingRows({ rows, virtualizer, scroller }, active, goToLatest)
  // Of these rows: what `range` says is that of the rows before, until they are drawn.
  const { startIndex, endIndex } = virtualizer.calculateRange() ?? { startIndex: 0, endIndex: rows.length - 1 }
  const pages = useMorePages(roomId, {
    isNearStart: isThere && view.hasOlder && startIndex < NEAR_ROWS,
    isNearEnd: isThere && view.hasNewer && endIndex > rows.length - NEAR_ROWS,
    extent: `${view.messages[0]?.id}-${view.messages.at(-1)?.id}`,
  })
  useStayAtEnd(virtualizer, scroller, { rows, isPresent: !view.hasNewer })
  const seen = isSettled ? lastMessage(rows, endIndex) : undefined
  useReadMark(roomId, seen)
  const isAtEnd = !view.hasNewer && virtualizer.isAtEnd(END_PX)
  tabStop.current = roving.activeKey ?? lastStop(rows, endIndex)

  return (
    <div className="relative flex min-h-0 grow flex-col">
      <DayPill row={rows[startIndex]} onPick={goToDate} />
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: both roles can have elements that take keys */}
      <div
        ref={scroller}
        // A feed has articles: without one it is none yet.
        role={hasArticles(rows) ? 'feed' : 'group'}
        aria-label={text('conversation.messages')}
        aria-busy={view.hasOlder && startIndex < NEAR_ROWS && pages.failed === undefined}
        onKeyDown={roving.onKeyDown}
        onFocus={roving.onFocus}
        className="min-h-0 grow overflow-x-clip overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <ListRows
          roomId={roomId}
          rows={rows}
          virtualizer={virtualizer}
          tabStop={tabStop.current}
          marked={marked}
          hasOlder={view.hasOlder}
        />
      </div>
      <EdgeState failed={pages.failed} onRetry={pages.retry} />
      <JumpToMention roomId={roomId} seen={seen?.id} go={places.go} focusMessage={roving.focusMessage} />
      <JumpToLatest roomId={roomId} isShown={isThere && !isAtEnd} onJump={goToLatest} />
    </div>
  )
}

function useRows(roomId: number, view: ConversationView, { newAfter: opened }: Opening): Row[] {
  const me = useMe()?.id
  const hidden = useHiddenMessages()
  const newAfter = useNewDivider(roomId, opened, view.outbox)
  const { messages, outbox, lastNo, hasOlder } = view
  return useMemo(
    () => buildRows({ messages, outbox, me, isBeginning: !hasOlder, newAfter, lastNo, hidden }),
    [messages, outbox, me, hasOlder, newAfter, lastNo, hidden],
  )
}

/** The last message at or before a row. */
function lastMessage(rows: readonly Row[], index: number) {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at]
    if (row?.kind === 'message') return row.message
  }
  return undefined
}

function hasArticles(rows: readonly Row[]): boolean {
  return rows.some(({ kind }) => kind === 'message' || kind === 'send')
}

/** Where the keyboard enters the list: at what is lowest in sight. */
function lastStop(rows: readonly Row[], index: number): string | undefined {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at]
    if (row?.kind === 'message' || row?.kind === 'send') return row.key
  }
  return undefined
}
