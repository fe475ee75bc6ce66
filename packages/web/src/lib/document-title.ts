import { useEffect, useSyncExternalStore } from 'react'

const APP = 'Confab'
const titles: { title: string }[] = []
const listeners = new Set<() => void>()

/** Says what the page is about, while the component is there; the innermost that says so wins. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined) return
    const entry = { title }
    titles.push(entry)
    tell()
    return () => {
      titles.splice(titles.indexOf(entry), 1)
      tell()
    }
  }, [title])
}

/** Writes the title, with how much is unread: `(3) Tea party · Confab`. Once, in the app. */
export function useTitleWithBadge(unread: number): void {
  const title = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => titles.at(-1)?.title,
  )
  useEffect(() => {
    const count = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ` : ''
    document.title = `${count}${title ? `${title} · ` : ''}${APP}`
  }, [title, unread])
}

function tell(): void {
  for (const listener of listeners) listener()
}
