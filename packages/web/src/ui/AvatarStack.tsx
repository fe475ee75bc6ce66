import { Avatar } from './Avatar.tsx'

/** Several people in little room: the first few, and how many more. Say who they are in words beside it. */
export function AvatarStack({
  people,
  max = 4,
}: {
  people: readonly { id: number; name: string; image?: string | null }[]
  max?: number
}) {
  const rest = people.length - max
  return (
    <span className="flex items-center" aria-hidden>
      {people.slice(0, max).map((person) => (
        <span key={person.id} className="-ms-2 rounded-full border-2 border-surface first:ms-0">
          <Avatar name={person.name} image={person.image ?? null} size="xs" />
        </span>
      ))}
      {rest > 0 ? <span className="ms-1 text-xs text-muted tabular-nums">+{rest}</span> : null}
    </span>
  )
}
