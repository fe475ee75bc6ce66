/** How long a room can be silenced for. In ms; null for as long as one likes. */
export const muteChoices = {
  hour: 3_600_000,
  workday: 8 * 3_600_000,
  week: 7 * 86_400_000,
  always: null,
} as const satisfies Record<string, number | null>

export type MuteChoice = keyof typeof muteChoices

/** From this year on the server means for ever. */
const FOR_EVER = '9999'

/** Until when a room is silent: a time, for ever, or not at all. */
export function muteState(mutedUntil: string | null, now: Date = new Date()): Date | 'forever' | 'off' {
  if (mutedUntil === null) return 'off'
  if (mutedUntil.startsWith(FOR_EVER)) return 'forever'
  const until = new Date(mutedUntil)
  return until > now ? until : 'off'
}

/** Until when a choice that is made now lasts, as the server takes it: null for ever. */
export function muteUntil(choice: MuteChoice, now: Date = new Date()): string | null {
  const duration = muteChoices[choice]
  return duration === null ? null : new Date(now.getTime() + duration).toISOString()
}
