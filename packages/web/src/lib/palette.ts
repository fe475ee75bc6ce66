const listeners = new Set<() => void>()

/** Opens the search over people, rooms and messages, from anywhere. */
export function openPalette(): void {
  for (const listener of listeners) listener()
}

/** For whoever shows it. Answers how to stop listening. */
export function onOpenPalette(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
