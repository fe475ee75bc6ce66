import { Piscina } from 'piscina'
import type { StrengthTask } from './password-strength-worker.ts'

/** Shorter ones are refused whatever they are made of. */
const MIN_CHARACTERS = 8

/**
 * How many guesses a password must withstand. zxcvbn's scores begin at 10^3, 10^6, 10^8 and 10^10. With a wait after
 * every wrong try (see `login-waits.ts`), 10^4 guesses at an account take more than three months; offline, argon2id
 * makes each of them cost. Measured: `Passw0rd!x` 2.0e4, `N3w-passw0rd` 1.0e6, `password123` 797, `12345678` 4,
 * `iloveyou1` 6.6e3. A bound of 10^6 would refuse the first, which accounts of the original API have.
 */
const MIN_GUESSES = 10_000

/**
 * Characters that are analysed at a time, from the beginning, and if those are weak, from the end. Measured: 32 random
 * characters take 0.3 s of a core, 128 take 4 s.
 */
const ANALYSED = 32

/**
 * The dictionaries weigh some 100 MB and an analysis would hold up everybody else, so both are kept in a thread that
 * starts at the first password and ends when none came for a while.
 */
const pool = new Piscina<StrengthTask, number>({
  filename: new URL('./password-strength-worker.ts', import.meta.url).href,
  minThreads: 0,
  maxThreads: 1,
  idleTimeout: 60_000,
  maxQueue: 256,
})

/** What somebody who guesses would try first: the names and addresses of the person, and their parts. */
export type Personal = readonly (string | null | undefined)[]

/** What is wrong with a password, in sentences for the person; empty if nothing is. */
export async function weaknessesOf(password: string, personal: Personal): Promise<string[]> {
  const characters = [...password]
  if (characters.length < MIN_CHARACTERS) {
    return [`This password is too short. It must contain at least ${MIN_CHARACTERS} characters.`]
  }
  const words = partsOf(personal)
  if (await withstands(characters.slice(0, ANALYSED).join(''), words)) return []
  if (characters.length > ANALYSED && (await withstands(characters.slice(-ANALYSED).join(''), words))) return []
  return [
    'This password is too easy to guess. Use several uncommon words, or more characters without names, dates, ' +
      'repetitions and rows of keys.',
  ]
}

async function withstands(password: string, words: string[]): Promise<boolean> {
  return (await pool.run({ password, words })) >= MIN_GUESSES
}

function partsOf(personal: Personal): string[] {
  const given = personal.flatMap((text) => (text ? [text.toLowerCase()] : []))
  const parts = given.flatMap((text) => [
    text,
    text.replace(/\.[^.]*$/, ''),
    ...text.split('@'),
    ...text.split(/[^\p{L}\p{N}]+/u),
  ])
  return [...new Set(parts)].filter((part) => part.length >= 3)
}
