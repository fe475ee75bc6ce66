import { useEffect, useRef, useState } from 'react'

/** From what the server refuses to what holds for ever. */
export type Strength = 'short' | 'weak' | 'fair' | 'good' | 'strong'

/** The server refuses what is shorter; in characters. */
export const MIN_CHARACTERS = 8

/** Characters that are analysed, as by the server: longer ones take seconds. */
const ANALYSED = 32

/**
 * How strong a password is that needs so many guesses. Below 10^4 the server refuses it. It knows more words than the
 * browser, so that its word is the last; the other bounds are above those of zxcvbn, to make up for that.
 */
export function strengthOf(password: string, guesses: number): Strength {
  if ([...password].length < MIN_CHARACTERS) return 'short'
  if (guesses < 1e4) return 'weak'
  if (guesses < 1e7) return 'fair'
  return guesses < 1e10 ? 'good' : 'strong'
}

/** What somebody who guesses would try first. */
export function personalWords(...texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).map((word) => word.toLowerCase())
  return [...new Set(words)].filter((word) => word.length >= 3)
}

/**
 * How strong a password is, as it is typed; undefined while it is empty or not known. What judges it, a quarter of a
 * megabyte, is loaded with the first character.
 *
 * @param personal names and addresses of the person, which make a bad password
 */
export function usePasswordStrength(password: string, personal: readonly string[]): Strength | undefined {
  const worker = useRef<Worker>(undefined)
  const [judged, setJudged] = useState<{ password: string; guesses: number }>()
  const words = personalWords(...personal).join(' ')
  useEffect(() => {
    if (password === '') return
    worker.current ??= startWorker(setJudged)
    worker.current.postMessage({ password: [...password].slice(0, ANALYSED).join(''), words: words.split(' ') })
  }, [password, words])
  useEffect(
    () => () => {
      worker.current?.terminate()
      worker.current = undefined
    },
    [],
  )
  if (password === '') return undefined
  if ([...password].length < MIN_CHARACTERS) return 'short'
  return judged && strengthOf(password, judged.guesses)
}

function startWorker(onJudged: (judged: { password: string; guesses: number }) => void): Worker {
  const worker = new Worker(new URL('./strength-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }) => onJudged(data))
  return worker
}
