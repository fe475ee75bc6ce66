import type { Row } from './rows.ts'

/** Characters that fit on a line of a bubble, about. */
const LINE_CHARS = 55
const LINE_PX = 24
/** Above and below the words of a bubble. */
const BUBBLE_PX = 12
const IMAGE_PX = 300

/** How high a row is, about, in pixels, until it is measured: the closer, the calmer the scrollbar. */
export function estimateHeight(row: Row | undefined): number {
  if (row === undefined) return 40
  if (row.kind === 'beginning') return 180
  if (row.kind === 'day') return 52
  if (row.kind === 'new') return 36
  if (row.kind === 'deleted') return 34
  const text = row.kind === 'message' ? row.message.content : row.entry.content
  const image = row.kind === 'message' ? row.message.image : row.entry.image
  const lines =
    text === '' ? 0 : text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 1) / LINE_CHARS), 0)
  return BUBBLE_PX + lines * LINE_PX + (image ? IMAGE_PX : 0) + (row.isFirst ? 10 : 2)
}
