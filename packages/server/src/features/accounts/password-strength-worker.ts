/** The thread that `password-strength.ts` asks; its default export is what the pool calls. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english, translations } from '@zxcvbn-ts/language-en'

/** A password to judge, and the words that are easy to guess for this one person. */
export type StrengthTask = Readonly<{ password: string; words: string[] }>

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common, ...english },
  graphs: adjacencyGraphs,
  translations,
})

/** About how many guesses somebody needs who knows how passwords are made. */
export default function countGuesses({ password, words }: StrengthTask): number {
  return zxcvbn.check(password, words).guesses
}
