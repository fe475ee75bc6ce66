/** How somebody is called: their full name where they gave one, otherwise their username. */
export function displayName(person: Readonly<{ username: string; full_name?: string | null }>): string {
  return person.full_name || person.username
}

/** Whether somebody is gone: whoever deleted their account has a name that no person can have. */
export function isDeleted({ username }: Readonly<{ username: string }>): boolean {
  return username.startsWith('deleted:')
}
