import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onNextDay } from './today.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 2, 28, 23, 59, 0) })
  vi.stubGlobal('document', new EventTarget())
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('whoever listens hears of each midnight, and of nothing before it', () => {
  const heard: string[] = []
  const stop = onNextDay(() => heard.push(new Date().toDateString()))

  vi.advanceTimersByTime(59_000)
  expect(heard).toEqual([])
  vi.advanceTimersByTime(2_000)
  // The night in between may have 23 hours.
  vi.advanceTimersByTime(24 * 3_600_000)
  expect(heard).toEqual(['Sun Mar 29 2026', 'Mon Mar 30 2026'])

  stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('a page that is looked at again is told at once: its timers may have slept', () => {
  const listener = vi.fn()
  const stop = onNextDay(listener)

  document.dispatchEvent(new Event('visibilitychange'))
  expect(listener).toHaveBeenCalledOnce()

  stop()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(listener).toHaveBeenCalledOnce()
})
