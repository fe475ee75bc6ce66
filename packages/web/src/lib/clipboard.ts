/** Puts words on the clipboard. Answers whether that worked: browsers may refuse, and offer less on pages without TLS. */
export async function copyText(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words)
    return true
  } catch {
    return copySelection(words)
  }
}

/** The way that works without TLS. */
function copySelection(words: string): boolean {
  const before = document.activeElement
  const area = document.createElement('textarea')
  area.value = words
  area.readOnly = true
  area.className = 'sr-only'
  document.body.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  return isCopied
}
