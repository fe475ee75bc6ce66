import { preferences } from './preferences.ts'

/** For how long one wants to be left alone. In ms; `morning` until eight o'clock. */
export const quietChoices = ['off', 'half_hour', 'hours', 'morning'] as const
export type QuietChoice = (typeof quietChoices)[number]

const MORNING_HOUR = 8

/** Whether nothing is to ring and nothing to pop up now. */
export function isQuiet(now: Date = new Date(), until: string | null = preferences.get().quietUntil): boolean {
  return until !== null && Date.parse(until) > now.getTime()
}

/** Until when a choice that is made now lasts; null for not at all. */
export function quietUntil(choice: QuietChoice, now: Date = new Date()): string | null {
  if (choice === 'off') return null
  if (choice === 'morning') return nextMorning(now).toISOString()
  return new Date(now.getTime() + (choice === 'hours' ? 4 * 3_600_000 : 1_800_000)).toISOString()
}

function nextMorning(now: Date): Date {
  const morning = new Date(now)
  morning.setHours(MORNING_HOUR, 0, 0, 0)
  if (morning <= now) morning.setDate(morning.getDate() + 1)
  return morning
}
