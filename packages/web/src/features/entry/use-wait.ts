import { ConfabError } from '@confab/client'
import { useEffect, useState } from 'react'

/** How many seconds one has to wait after too many tries, counting down; and what to tell it of failures. */
export function useWait(): [seconds: number, note: (error: unknown) => void] {
  const [until, setUntil] = useState(0)
  const [now, setNow] = useState(0)
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000))
  const isWaiting = seconds > 0
  useEffect(() => {
    if (!isWaiting) return
    const ticker = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(ticker)
  }, [isWaiting])
  const note = (error: unknown) => {
    if (!(error instanceof ConfabError) || error.retryAfterMs === undefined) return
    setNow(Date.now())
    setUntil(Date.now() + error.retryAfterMs)
  }
  return [seconds, note]
}
