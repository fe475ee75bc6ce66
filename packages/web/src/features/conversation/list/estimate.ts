import { frameHeight, imageSizeOf } from '../media/frame.ts'
import type { Row } from './rows.ts'

/** Characters that fit on a line of a bubble, about. */
const LINE_CHARS = 55
const LINE_PX = 24
/** Above and below the words of a bubble. */
const BUBBLE_PX = 12
/** Between an image and the words, or the time, below it. */
const BELOW_IMAGE_PX = 4
/** The time, where there are no words beside it. */
const TIME_PX = 20

/** How high a row is, about, in pixels, until it is measured: the closer, the calmer the scrollbar. */
export function estimateHeight(row: Row | undefined): number {
  if (row === undefined) return 40
  if (row.kind === 'beginning') return 180
  if (row.kind === 'day') return 52
  if (row.kind === 'new') return 36
  if (row.kind === 'deleted') return 34
  const text = row.kind === 'message' ? row.message.content : row.entry.content
  const lines =
    text === '' ? 0 : text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 1) / LINE_CHARS), 0)
  const words = lines === 0 ? TIME_PX : lines * LINE_PX
  return BUBBLE_PX + imageHeight(row) + words + (row.isFirst ? 10 : 2)
}

function imageHeight(row: Extract<Row, { kind: 'message' | 'send' }>): number {
  const image = row.kind === 'message' ? row.message.image : row.entry.image
  if (!image) return 0
  return BELOW_IMAGE_PX + frameHeight(row.kind === 'message' ? imageSizeOf(row.message) : row.entry.imageSize)
}
