import { useClient, useRoom } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { ListSkeleton, Skeleton } from '../../ui/Skeleton.tsx'
import { DirectInfo } from './DirectInfo.tsx'
import { GroupInfo } from './GroupInfo.tsx'
import { useShownRoom } from './shown-room.ts'

export type RoomInfoPanelProps = {
  roomId: number
  /** Makes what tells who somebody is: what a direct room is about. */
  renderPerson: (userId: number) => ReactNode
}

/** What a room is: a group with its members, or the other person; and what one can do with it. */
export function RoomInfoPanel({ roomId, renderPerson }: RoomInfoPanelProps) {
  const text = useText()
  const client = useClient()
  const room = useShownRoom(roomId)
  const isGroup = useRoom(roomId)?.is_group ?? room?.is_group
  const load = useQuery({ queryKey: ['room', roomId], queryFn: () => client.rooms.loadRoom(roomId) })
  return (
    <SidePanel title={text(isGroup ? 'groups.info.title' : 'groups.info.direct')}>
      {load.error && !room ? <ErrorState error={load.error} onRetry={() => void load.refetch()} /> : null}
      {!room && !load.error ? <PanelSkeleton label={text('groups.loading')} /> : null}
      {room?.is_group ? <GroupInfo room={room} /> : null}
      {room && !room.is_group ? <DirectInfo room={room} renderPerson={renderPerson} /> : null}
    </SidePanel>
  )
}

function PanelSkeleton({ label }: { label: string }) {
  return (
    <>
      <div className="flex flex-col items-center gap-4 p-6">
        <Skeleton className="size-28 rounded-full" />
        <Skeleton className="h-6 w-40" />
      </div>
      <ListSkeleton label={label} rows={5} />
    </>
  )
}
