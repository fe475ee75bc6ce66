import { createStored, useStored } from '../../../../lib/stored.ts'
import type { Emoji } from './catalog.ts'

/** A skin tone as Unicode has it, or none. */
export const tones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'] as const
export type Tone = (typeof tones)[number]

/** How many are remembered. */
const MAX_RECENT = 24

type Habits = Readonly<{ recent: readonly string[]; tone: Tone }>

const habits = createStored<Habits>('confab.emoji', (stored) => {
  const { recent, tone } = typeof stored === 'object' ? { recent: [], tone: '', ...stored } : {}
  return {
    recent: Array.isArray(recent) ? recent.filter((one) => typeof one === 'string').slice(0, MAX_RECENT) : [],
    tone: tones.find((one) => one === tone) ?? '',
  }
})

/** The emoji used last, latest first, as they are without a tone; and the tone of skin. */
export function useHabits(): Habits {
  return useStored(habits)
}

/** Remembers that an emoji was used. */
export function noteEmoji({ unicode }: Emoji): void {
  const { recent, tone } = habits.get()
  habits.set({ tone, recent: [unicode, ...recent.filter((one) => one !== unicode)].slice(0, MAX_RECENT) })
}

/** From now on people have this skin. */
export function chooseTone(tone: Tone): void {
  habits.set({ ...habits.get(), tone })
}

/** An emoji in the tone that was chosen, where it has tones. */
export function withTone({ unicode, hasTones }: Emoji, tone: Tone): string {
  return tone && hasTones ? unicode.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${tone}`) : unicode
}

/** The same, in the tone of the person. */
export function inOwnTone(emoji: Emoji): string {
  return withTone(emoji, habits.get().tone)
}
