import type { Room } from '@confab/client'
import { useChat, useMe } from '@confab/client/react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePresenceOrder } from '../../lib/use-presence-order.ts'
import { SearchField } from '../../ui/SearchField.tsx'
import { SidePanelHeading } from '../../ui/SidePanel.tsx'
import { MemberRow } from './MemberRow.tsx'
import { matches } from './use-candidates.ts'

/** More members than this can be searched. */
const SEARCH_FROM = 12

/** Who is in a group: those who are there first. */
export function MemberList({ room }: { room: Room }) {
  const text = useText()
  const me = useMe()?.id
  const [search, setSearch] = useState('')
  const ordered = usePresenceOrder(room.participants)
  const online = useChat(
    ({ presence }) => room.participants.filter(({ id }) => id === me || presence[id]?.online_status).length,
  )
  const shown = search.trim() ? ordered.filter((member) => matches(member, search.trim())) : ordered
  return (
    <section className="border-b border-line p-2">
      <SidePanelHeading className="flex items-baseline justify-between gap-2 px-2.5 py-2 text-sm font-medium text-muted">
        {text('groups.members')}
        <span className="text-xs font-normal">{text('groups.members.online', { count: online })}</span>
      </SidePanelHeading>
      {room.participants.length > SEARCH_FROM ? (
        <SearchField className="mx-2 mb-2" label={text('groups.members.find')} value={search} onChange={setSearch} />
      ) : null}
      <ul>
        {shown.map((member) => (
          <MemberRow key={member.id} room={room} member={member} isMe={member.id === me} />
        ))}
      </ul>
      {shown.length === 0 ? <p className="px-2.5 py-3 text-sm text-muted">{text('groups.new.nobody')}</p> : null}
    </section>
  )
}
