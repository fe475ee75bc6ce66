/**
 * What the tabs of the app know of each other, by Web Locks: which of them speaks to the desktop, and what is looked at.
 * Locks go with the tab that has them, however it ends. Where there are none each tab is on its own.
 */
import type { Sight } from './reaction.ts'

const SPEAKER = 'confab.notifier'
const SEEN = 'confab.seen:'

/** Is told once this tab is the one that speaks to the desktop. Answers how to give that up. */
export function becomeSpeaker(onTurn: () => void): () => void {
  return hold(SPEAKER, 'exclusive', onTurn)
}

/** Lets the other tabs know that a room, or none, is looked at here. Answers how to look away. */
export function noteSight({ room }: Sight): () => void {
  return hold(`${SEEN}${room ?? ''}`, 'shared', () => {})
}

/** What is looked at now, in all tabs. */
export async function listSeen(here: Sight | undefined): Promise<Sight[]> {
  if (!('locks' in navigator)) return here ? [here] : []
  const { held = [] } = await navigator.locks.query()
  return held.flatMap(({ name = '' }) => {
    if (!name.startsWith(SEEN)) return []
    const room = name.slice(SEEN.length)
    return [{ room: room === '' ? undefined : Number(room) }]
  })
}

function hold(name: string, mode: LockMode, onTurn: () => void): () => void {
  if (!('locks' in navigator)) {
    onTurn()
    return () => {}
  }
  const end = new AbortController()
  const { signal } = end
  const untilEnd = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve()
      signal.addEventListener('abort', () => resolve())
      onTurn()
    })
  // Given up before its turn came.
  navigator.locks.request(name, { mode, signal }, untilEnd).catch(() => {})
  return () => end.abort()
}
