import type { Highlight } from '@confab/client'
import { splitByHighlights } from './highlights.ts'

/** A text in which what was found is marked. */
export function Highlighted({ text, highlights }: { text: string; highlights: readonly Highlight[] }) {
  return splitByHighlights(text, highlights).map(({ text: words, isFound, start }) =>
    isFound ? (
      <mark key={start} className="rounded-sm bg-fresh-soft text-fresh-ink">
        {words}
      </mark>
    ) : (
      words
    ),
  )
}
