import type { Room } from '@confab/client'
import { useState } from 'react'
import { AddMembersDialog } from './AddMembersDialog.tsx'
import { GroupHeading } from './GroupHeading.tsx'
import { InviteLink } from './InviteLink.tsx'
import { LeaveGroup } from './LeaveGroup.tsx'
import { MemberList } from './MemberList.tsx'
import { RoomTools } from './RoomTools.tsx'

/** A group: its name and picture, who is in it, how others get in, and the ways out. */
export function GroupInfo({ room }: { room: Room }) {
  const [isAdding, setIsAdding] = useState(false)
  return (
    <>
      <GroupHeading room={room} />
      <RoomTools room={room} onAdd={room.is_admin ? () => setIsAdding(true) : undefined} />
      <MemberList room={room} />
      <InviteLink roomId={room.id} isAdmin={room.is_admin} />
      <LeaveGroup room={room} />
      <AddMembersDialog room={room} isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </>
  )
}
