import {
  Apple,
  Car,
  Clock,
  Flag,
  Hash,
  Leaf,
  Lightbulb,
  type LucideIcon,
  PartyPopper,
  Smile,
  Users,
} from 'lucide-react'
import { classNames } from '../../../../ui/class-names.ts'
import { useGroupNames } from './use-group-names.ts'

/** By the number of the group. */
const icons: ReadonlyMap<number, LucideIcon> = new Map([
  [-1, Clock],
  [0, Smile],
  [1, Users],
  [3, Leaf],
  [4, Apple],
  [5, Car],
  [6, PartyPopper],
  [7, Lightbulb],
  [8, Hash],
  [9, Flag],
])

/** Leads to the groups of emoji. */
export function GroupBar({
  groups,
  current,
  onSelect,
}: {
  groups: readonly number[]
  current: number | undefined
  onSelect: (group: number) => void
}) {
  const names = useGroupNames()
  return (
    <div className="flex justify-between border-b border-line pb-1">
      {groups.map((group) => {
        const Icon = icons.get(group) ?? Smile
        const name = names.get(group) ?? ''
        return (
          <button
            key={group}
            type="button"
            aria-label={name}
            title={name}
            aria-pressed={group === current}
            onClick={() => onSelect(group)}
            className={classNames(
              'grid size-8 place-items-center rounded-md hover:bg-hover',
              group === current ? 'bg-selected text-accent-ink' : 'text-muted',
            )}
          >
            <Icon size={18} aria-hidden />
          </button>
        )
      })}
    </div>
  )
}
