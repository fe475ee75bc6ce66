import type { Highlight } from '@confab/contract/search/resources'
import { fold } from './fold.ts'
import type { Term } from './terms.ts'

/** A piece of a text around what was found, and where in it that is, in UTF-16 units. */
export type Snippet = Readonly<{ snippet: string; highlights: Highlight[] }>

/** The longest snippet, in UTF-16 units, without its ellipses. */
const MAX_LENGTH = 180

/** So much of it may stand before the first thing that was found. */
const LEAD = 40

/** Places beyond this many are not marked. */
const MAX_HIGHLIGHTS = 50

/** Finds the terms in a text; where they are not in it (any more), its beginning comes back without marks. */
export function makeSnippet(text: string, terms: readonly Term[]): Snippet {
  const places = findTerms(text, terms)
  const first = places[0]
  const start = first === undefined || text.length <= MAX_LENGTH ? 0 : wordBefore(text, Math.max(0, first.start - LEAD))
  const end = start + MAX_LENGTH >= text.length ? text.length : wholeCharacter(text, start + MAX_LENGTH)
  const lead = start > 0 ? '…' : ''
  const offset = lead.length - start
  const highlights = places
    .filter((place) => place.start >= start && place.start < end)
    .map((place) => ({ start: place.start + offset, end: Math.min(place.end, end) + offset }))
  return { snippet: `${lead}${text.slice(start, end)}${end < text.length ? '…' : ''}`, highlights }
}

/** Where the terms are in a text: in order, without overlaps. */
export function findTerms(text: string, terms: readonly Term[]): Highlight[] {
  const { folded, origins } = foldWithOrigins(text)
  const found = terms.flatMap((term) => findTerm(folded, term))
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  const merged: Highlight[] = []
  for (const place of found) {
    const start = origins[place.start] ?? 0
    const end = origins[place.end] ?? text.length
    const last = merged.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged.slice(0, MAX_HIGHLIGHTS)
}

function findTerm(folded: string, term: Term): Highlight[] {
  const places: Highlight[] = []
  let start = folded.indexOf(term.text)
  while (start >= 0 && places.length < MAX_HIGHLIGHTS) {
    if (!term.isShort || !endsInWord.test(folded.slice(Math.max(0, start - 2), start))) {
      places.push({ start, end: start + term.text.length })
    }
    start = folded.indexOf(term.text, start + term.text.length)
  }
  return places
}

const endsInWord = /[\p{L}\p{N}\p{M}]$/u
const characters = /\P{M}\p{M}*|\p{M}+/gu

/** Folds a text character by character, and says for each unit of the result where in the text it comes from. */
function foldWithOrigins(text: string): { folded: string; origins: number[] } {
  let folded = ''
  const origins: number[] = []
  for (const { 0: character, index } of text.matchAll(characters)) {
    const piece = fold(character)
    if (piece === ' ' && folded.endsWith(' ')) continue
    for (let unit = 0; unit < piece.length; unit++) origins.push(index)
    folded += piece
  }
  return { folded, origins: [...origins, text.length] }
}

/** The beginning of a word near a place, so that a snippet does not begin in the middle of one. */
function wordBefore(text: string, place: number): number {
  const space = text.lastIndexOf(' ', place)
  return space >= 0 && place - space < LEAD ? space + 1 : wholeCharacter(text, place)
}

/** The place itself, or the one before where it is inside a surrogate pair. */
function wholeCharacter(text: string, place: number): number {
  const unit = text.charCodeAt(place)
  return unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place
}
