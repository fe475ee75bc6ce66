import { usePresence } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'

export type RowPerson = Readonly<{
  id: number
  username: string
  full_name?: string | null
  profile_pic: string | null
}>

/** Somebody in a list, leading to their profile; what one can do with them stands beside it. */
export function PersonRow({
  person,
  detail,
  hasPresence = false,
  children,
}: {
  person: RowPerson
  /** In place of the username. */
  detail?: ReactNode
  hasPresence?: boolean
  children?: ReactNode
}) {
  const presence = usePresence(person.id)
  const isOnline = hasPresence ? (presence?.online_status ?? false) : undefined
  const name = displayName(person)
  return (
    <li className="flex items-center gap-1 rounded-lg transition-colors hover:bg-hover">
      <Link to="/people/$userId" params={{ userId: person.id }} className={`${rowLook()} min-w-0 grow`}>
        <ListRow
          leading={<Avatar name={name} image={person.profile_pic} isOnline={isOnline} />}
          title={name}
          detail={detail ?? <bdi>@{person.username}</bdi>}
        />
      </Link>
      {children ? <KeptFocus className="flex shrink-0 items-center gap-1 pe-2">{children}</KeptFocus> : null}
    </li>
  )
}
