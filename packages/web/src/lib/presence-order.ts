/** Those who are there first, then by name as the language sorts. */
export function byPresence<Person extends { id: number }>(
  people: readonly Person[],
  { isOnline, nameOf, compare }: PresenceOrder<Person>,
): Person[] {
  return [...people].sort(
    (one, other) =>
      Number(isOnline(other.id)) - Number(isOnline(one.id)) || compare(nameOf(one), nameOf(other)) || one.id - other.id,
  )
}

export type PresenceOrder<Person> = Readonly<{
  isOnline: (id: number) => boolean
  nameOf: (person: Person) => string
  compare: (one: string, other: string) => number
}>
