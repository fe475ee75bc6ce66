import { useSyncExternalStore } from 'react'

/** A value that is kept on the device, the same in all tabs. */
export type Stored<T> = Readonly<{
  get(): T
  set(value: T): void
  /** Called after every change, also of another tab. Answers how to stop listening. */
  subscribe(listener: () => void): () => void
}>

/**
 * Keeps a value in `localStorage`. Where that is full or forbidden the value lives as long as the page.
 *
 * @param read makes a value of what was stored, which may be anything: an older version's, or nothing (undefined)
 */
export function createStored<T>(key: string, read: (stored: unknown) => T): Stored<T> {
  const listeners = new Set<() => void>()
  let value = read(load(key))
  const tell = () => {
    for (const listener of listeners) listener()
  }
  addEventListener('storage', (event) => {
    if (event.key !== key && event.key !== null) return
    value = read(load(key))
    tell()
  })
  return {
    get: () => value,
    set(next) {
      value = next
      save(key, next)
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value, in a component. */
export function useStored<T>(stored: Stored<T>): T {
  return useSyncExternalStore(stored.subscribe, stored.get)
}

function load(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Full or forbidden: what was chosen holds until the page is closed.
  }
}
