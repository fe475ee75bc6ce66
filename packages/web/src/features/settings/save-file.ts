/** A save dialog that is open keeps the file this long. In ms. */
const KEPT_MS = 60_000

/** Hands somebody a file that was made here, to be saved by the browser. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
