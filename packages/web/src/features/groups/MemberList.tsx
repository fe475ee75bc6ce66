import type { Room } from '@confab/client'
import { useChat, useMe } from '@confab/client/react'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePresenceOrder } from '../../lib/use-presence-order.ts'
import { Button } from '../../ui/Button.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { SidePanelHeading } from '../../ui/SidePanel.tsx'
import { MemberRow } from './MemberRow.tsx'
import { matches, SEARCH_FROM } from './use-candidates.ts'

/** As many are shown at first, so that what stands below them is in reach. */
const FIRST = 12

/** Who is in a group: those who are there first. */
export function MemberList({ room }: { room: Room }) {
  const text = useText()
  const me = useMe()?.id
  const [search, setSearch] = useState('')
  const [isWhole, setIsWhole] = useState(false)
  const ordered = usePresenceOrder(room.participants)
  const list = useRef<HTMLUListElement>(null)
  // The button goes with the focus, which goes on at the first of those that were not shown.
  useEffect(() => {
    if (isWhole) list.current?.children[FIRST]?.querySelector('a')?.focus()
  }, [isWhole])
  const online = useChat(
    ({ presence }) => room.participants.filter(({ id }) => id === me || presence[id]?.online_status).length,
  )
  const found = search.trim() ? ordered.filter((member) => matches(member, search.trim())) : ordered
  // Hiding one or two saves nothing.
  const isCut = !isWhole && !search.trim() && found.length > FIRST + 2
  const shown = isCut ? found.slice(0, FIRST) : found
  return (
    <section className="border-b border-line p-2">
      <SidePanelHeading className="flex items-baseline justify-between gap-2 px-2.5 py-2 text-sm font-medium text-muted">
        {text('groups.members')}
        <span className="text-xs font-normal">{text('groups.members.online', { count: online })}</span>
      </SidePanelHeading>
      {room.participants.length > SEARCH_FROM ? (
        <SearchField className="mx-2 mb-2" label={text('groups.members.find')} value={search} onChange={setSearch} />
      ) : null}
      <ul ref={list}>
        {shown.map((member) => (
          <MemberRow key={member.id} room={room} member={member} isMe={member.id === me} />
        ))}
      </ul>
      {isCut ? (
        <Button size="sm" kind="ghost" className="m-1.5" onClick={() => setIsWhole(true)}>
          {text('groups.members.all', { count: found.length })}
        </Button>
      ) : null}
      {shown.length === 0 ? <p className="px-2.5 py-3 text-sm text-muted">{text('groups.new.nobody')}</p> : null}
    </section>
  )
}
