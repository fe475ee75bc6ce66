/** How long a room can be silenced for. In ms; null for as long as one likes. */
export const muteChoices = {
  hour: 3_600_000,
  workday: 8 * 3_600_000,
  week: 7 * 86_400_000,
  always: null,
} as const satisfies Record<string, number | null>

export type MuteChoice = keyof typeof muteChoices

/** How the server says for ever. */
export const MUTED_FOR_EVER = '9999-12-31T23:59:59.999Z'

/** Until when a room is silent: a time, for ever, or not at all. */
export function muteState(mutedUntil: string | null, now: Date = new Date()): Date | 'forever' | 'off' {
  if (mutedUntil === null) return 'off'
  // What counts is its year.
  if (mutedUntil.startsWith(MUTED_FOR_EVER.slice(0, 4))) return 'forever'
  const until = new Date(mutedUntil)
  return until > now ? until : 'off'
}

/** Until when a choice that is made now lasts, as the server takes it: null for ever. */
export function muteUntil(choice: MuteChoice, now: Date = new Date()): string | null {
  const duration = muteChoices[choice]
  return duration === null ? null : new Date(now.getTime() + duration).toISOString()
}
