import type { Replacement } from './formatting.ts'

/**
 * Replaces a part of a text area as if it had been typed, so that undo takes it back. The area tells of the change by its
 * input event.
 */
export function replaceText(
  area: HTMLTextAreaElement,
  { start, end, text, selectStart, selectEnd }: Replacement,
): void {
  area.focus()
  area.setSelectionRange(start, end)
  // Deprecated, and the only way by which browsers let a page add to the history of undo.
  const isDone = document.execCommand(text === '' ? 'delete' : 'insertText', false, text)
  if (!isDone) {
    area.setRangeText(text, start, end, 'end')
    area.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }))
  }
  area.setSelectionRange(selectStart, selectEnd)
}

/** Puts a text in the place of what is between two places, and the caret behind it. */
export function insertText(area: HTMLTextAreaElement, text: string, [start, end]: readonly [number, number]): void {
  const caret = start + text.length
  replaceText(area, { start, end, text, selectStart: caret, selectEnd: caret })
}
