import { useSyncExternalStore } from 'react'

/** What browsers that can install an app offer; see `beforeinstallprompt`. It can be asked once. */
type InstallPromptEvent = Event & { prompt(): Promise<unknown> }

let offer: InstallPromptEvent | undefined
const listeners = new Set<() => void>()

/** Keeps the browser's offer to install the app until somebody wants it. Called once, before the page is loaded. */
export function keepInstallPrompt(): void {
  addEventListener('beforeinstallprompt', (event) => {
    if (!isInstallPrompt(event)) return
    event.preventDefault()
    put(event)
  })
  addEventListener('appinstalled', () => put(undefined))
}

/** What installs the app; undefined where it is installed, or cannot be. */
export function useInstallPrompt(): (() => void) | undefined {
  const kept = useSyncExternalStore(subscribe, () => offer)
  if (!kept) return undefined
  return () => {
    put(undefined)
    // Whoever refuses is asked again when the browser offers it again.
    kept.prompt().catch(() => {})
  }
}

function isInstallPrompt(event: Event): event is InstallPromptEvent {
  return 'prompt' in event && typeof event.prompt === 'function'
}

function put(next: InstallPromptEvent | undefined): void {
  offer = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
