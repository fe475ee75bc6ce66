import { IMAGES } from '../../worker/caches.ts'

/** A newer version is looked for this often, beside at every load. In ms. */
const CHECK_MS = 3_600_000

export type ServiceWorkerEvents = Readonly<{
  /** There is a newer version; `takeOver` loads the page anew with it. */
  onUpdate: (takeOver: () => void) => void
  /** A place of this app is to be shown. */
  onOpen: (href: string) => void
}>

/**
 * Starts the service worker once the page is loaded, so that it takes nothing from the first view, and tells what comes
 * of it. Answers how to stop listening. While the app is developed there is none.
 */
export function followServiceWorker({ onUpdate, onOpen }: ServiceWorkerEvents): () => void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return () => {}
  const { serviceWorker } = navigator
  const end = new AbortController()
  const { signal } = end
  const onMessage = ({ data }: MessageEvent) => {
    if (data?.kind === 'open' && typeof data.href === 'string') onOpen(data.href)
  }
  serviceWorker.addEventListener('message', onMessage, { signal })
  serviceWorker.startMessages()
  const start = () =>
    serviceWorker.register('/sw.js').then(
      // Browsers in which it is switched off may answer nothing.
      (registration: ServiceWorkerRegistration | undefined) => {
        if (registration && !signal.aborted) watch(registration, { onUpdate, signal })
      },
      // Forbidden, or the disk is full: the app does without.
      () => {},
    )
  if (document.readyState === 'complete') void start()
  else addEventListener('load', () => void start(), { once: true, signal })
  return () => end.abort()
}

/** Forgets the images that were seen: at a logout. */
export async function forgetImages(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(IMAGES)
}

type Watching = Pick<ServiceWorkerEvents, 'onUpdate'> & { signal: AbortSignal }

function watch(registration: ServiceWorkerRegistration, { onUpdate, signal }: Watching): void {
  const look = () => {
    const { waiting } = registration
    // The very first one has nothing to take the place of.
    if (waiting && navigator.serviceWorker.controller) onUpdate(() => takeOver(waiting))
  }
  look()
  registration.addEventListener(
    'updatefound',
    () => registration.installing?.addEventListener('statechange', look, { signal }),
    { signal },
  )
  // Without a network it is looked for the next time.
  const timer = setInterval(() => void registration.update().catch(() => {}), CHECK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
}

function takeOver(waiting: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting.postMessage('activate')
}
