import { usePeople } from '@confab/client/react'
import { displayName } from '../../lib/names.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { PersonRow, type RowPerson } from './PersonRow.tsx'
import { RelationButtons } from './RelationButtons.tsx'
import { nameOf, usePerson } from './use-person.ts'

/** Somebody with whom a request waits, and what one can do about it. */
export function RequestRow({ userId }: { userId: number }) {
  const told = usePeople().persons[userId]
  const { data: user } = usePerson(userId)
  const person: RowPerson | undefined = user ? { ...user, full_name: nameOf(user) } : told
  if (!person) {
    return (
      <li aria-hidden className="flex items-center gap-3 p-2.5">
        <Skeleton className="size-11 rounded-full" />
        <Skeleton className="h-3.5 w-1/3" />
      </li>
    )
  }
  return (
    <PersonRow person={person}>
      <RelationButtons userId={userId} name={displayName(person)} />
    </PersonRow>
  )
}
