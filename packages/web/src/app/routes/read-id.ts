/** An id in an address: a whole number above 0, or undefined. */
export function readId(value: unknown): number | undefined {
  const id = Number(value)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}
