import { useSyncExternalStore } from 'react'

/** Midnight is looked for a little later, since timers may be early. In ms. */
const MARGIN_MS = 500

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * The day it is, by the device's calendar. What says "today" is drawn again when that is another day: apps are left open
 * overnight.
 */
export function useToday(): string {
  return useSyncExternalStore(onNextDay, today)
}

function today(): string {
  return new Date().toDateString()
}

/** Calls a listener after each midnight, and when the page is looked at again, before which timers may have slept. */
export function onNextDay(listener: () => void): () => void {
  if (listeners.size === 0) {
    waitForMidnight()
    document.addEventListener('visibilitychange', tell)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', tell)
  }
}

function waitForMidnight(): void {
  const now = new Date()
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  timer = setTimeout(
    () => {
      waitForMidnight()
      tell()
    },
    midnight.getTime() - now.getTime() + MARGIN_MS,
  )
}

function tell(): void {
  for (const listener of listeners) listener()
}
