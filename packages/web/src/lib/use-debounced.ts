import { useEffect, useState } from 'react'

/** Typing that pauses this long is looked up. In ms; about the gap between two keys of an average typist. */
const PAUSE_MS = 200

/** A value once it has stayed the same for a moment; becoming empty counts at once. */
export function useDebounced(value: string, pauseMs: number = PAUSE_MS): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === '' ? 0 : pauseMs)
    return () => clearTimeout(timer)
  }, [value, pauseMs])
  return value === '' ? '' : settled
}
