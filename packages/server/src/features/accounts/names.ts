/** How usernames and email addresses are compared: whatever people see as the same name has the same key. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
