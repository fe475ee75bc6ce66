import { useEditing } from '../editing.ts'
import { MessageRow } from '../message/MessageRow.tsx'
import { SendRow } from '../message/SendRow.tsx'
import { Beginning } from './Beginning.tsx'
import { LoadingRows } from './LoadingRows.tsx'
import type { Row } from './rows.ts'
import { DayRow, DeletedRow, NewRow } from './SeparatorRows.tsx'
import type { MessageVirtualizer } from './use-message-virtualizer.ts'

/** The rows that are in sight, each in its place. */
export function ListRows({
  roomId,
  rows,
  virtualizer,
  tabStop,
  marked,
  hasOlder,
}: {
  roomId: number
  rows: readonly Row[]
  virtualizer: MessageVirtualizer
  tabStop: string | undefined
  marked: number | undefined
  hasOlder: boolean
}) {
  const editing = useEditing(roomId)?.id
  return (
    <div ref={virtualizer.containerRef} className="relative mx-auto w-full max-w-4xl">
      {hasOlder ? <LoadingRows /> : null}
      {virtualizer.getVirtualItems().map(({ key, index }) => {
        const row = rows[index]
        if (!row) return null
        return (
          <div
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className="absolute inset-x-0 px-3 tablet:px-5"
          >
            <RowContent
              roomId={roomId}
              row={row}
              isTabStop={row.key === tabStop}
              isMarked={row.kind === 'message' && row.message.id === marked}
              isEdited={row.kind === 'message' && row.message.id === editing}
            />
          </div>
        )
      })}
    </div>
  )
}

function RowContent({
  roomId,
  row,
  isTabStop,
  isMarked,
  isEdited,
}: {
  roomId: number
  row: Row
  isTabStop: boolean
  isMarked: boolean
  isEdited: boolean
}) {
  switch (row.kind) {
    case 'beginning':
      return <Beginning roomId={roomId} isEmpty={row.isEmpty} />
    case 'day':
      return <DayRow at={row.at} />
    case 'new':
      return <NewRow />
    case 'deleted':
      return <DeletedRow count={row.count} />
    case 'message':
      return (
        <MessageRow
          id={row.key}
          message={row.message}
          isMine={row.isMine}
          isFirst={row.isFirst}
          isLast={row.isLast}
          isTabStop={isTabStop}
          isMarked={isMarked}
          isEdited={isEdited}
        />
      )
    case 'send':
      return <SendRow id={row.key} entry={row.entry} isFirst={row.isFirst} isLast={row.isLast} isTabStop={isTabStop} />
  }
}
