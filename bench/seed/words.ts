const onsets = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'st', 'tr']
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea']
const codas = ['', 'n', 'r', 's', 'l', 't', 'm']

const syllables = onsets.flatMap((onset) => vowels.flatMap((vowel) => codas.map((coda) => onset + vowel + coda)))

/** Steps through the syllables without order, each once. 263 and their number have no common divisor. */
const scattered = syllables.map((_, index) => syllables[(index * 263) % syllables.length] ?? '')

/** What is talked about in the benchmark: words of no language, of one and two syllables, the frequent ones first. */
export const WORDS: readonly string[] = Array.from({ length: 2_000 }, (_, index) => {
  const first = scattered[index % scattered.length] ?? ''
  const second = scattered[(index * 7 + 3) % scattered.length] ?? ''
  return index % 3 === 0 ? `${first}${index}` : first + second + (index >= scattered.length ? 'o' : '')
})
