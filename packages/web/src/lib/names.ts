/** How somebody is called: their full name where they gave one, otherwise their username. */
export function displayName(person: Readonly<{ username: string; full_name?: string | null }>): string {
  return person.full_name || person.username
}
