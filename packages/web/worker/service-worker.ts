/**
 * The service worker: lets the app start without a network, and keeps the images that were seen.
 *
 * What it does: keeps the files of one build, whole, and answers with them; a view's address gets the app's first page.
 * Images under `/media/` of the server, which may be another origin, are answered from what is kept, and fetched anew behind
 * that. Everything else, the API above all, it leaves alone. It opens the notifications that it shows.
 * Order: a newer build waits until a page says `activate`, so that no page gets the files of two builds.
 */
import { IMAGES, MAX_IMAGES } from './caches.ts'

/** Filled in by the build: the files of the app, and a name for exactly these. */
declare const __FILES__: readonly string[]
declare const __BUILD__: string
/** The server's address, where it is not the one that the app comes from; empty otherwise. */
declare const __SERVER__: string
declare const self: ServiceWorkerGlobalScope

const APP = `confab.app.${__BUILD__}`
const SERVER = __SERVER__ ? new URL(__SERVER__).origin : self.location.origin
const FIRST_PAGE = '/index.html'

/** What is below these the server answers. */
const SERVERS_OWN = /^\/(api|ws|media|metrics|healthz|readyz)(\/|$)/

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('message', ({ data }) => {
  if (data === 'activate') void self.skipWaiting()
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET') return
  const isImage = origin === SERVER && pathname.startsWith('/media/') && request.destination === 'image'
  if (isImage) return event.respondWith(answerImage(event))
  if (origin !== self.location.origin) return
  if (SERVERS_OWN.test(pathname)) return
  if (request.mode === 'navigate') return event.respondWith(answerFile(FIRST_PAGE, request))
  event.respondWith(answerFile(pathname, request))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openApp(String(event.notification.data?.href ?? '/')))
})

/** Fetches the whole build past the browser's own cache, which may hold files of another. */
async function install(): Promise<void> {
  const cache = await caches.open(APP)
  await cache.addAll(
    __FILES__.map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'reload' })),
  )
}

async function activate(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('confab.app.') && name !== APP)
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** A file of the build as it was kept; what is not of it comes from the network. */
async function answerFile(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(APP)
  return (await cache.match(path)) ?? fetch(request)
}

async function answerImage(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(IMAGES)
  const kept = await cache.match(nameOf(event.request))
  const fresh = fetchImage(event.request, cache)
  if (!kept) return fresh
  event.waitUntil(fresh.catch(() => {}))
  return kept
}

async function fetchImage(request: Request, cache: Cache): Promise<Response> {
  // Of another origin a page asks in a way of which the worker would not learn whether the answer is an image.
  const response = await fetch(SERVER === self.location.origin ? request : new Request(request.url, { mode: 'cors' }))
  const name = nameOf(request)
  if (response.status === 200) await keepImage(cache, name, response.clone())
  if (response.status === 404 || response.status === 410) await cache.delete(name)
  return response
}

/** An image is the same whatever signature opens it, but its small version is another. */
function nameOf({ url }: Request): string {
  const { pathname, searchParams } = new URL(url)
  const size = searchParams.get('size')
  return size === null ? pathname : `${pathname}?size=${size}`
}

/** Those fetched longest ago go first: keys are in the order in which they were put. */
async function keepImage(cache: Cache, name: string, response: Response): Promise<void> {
  await cache.delete(name)
  // A full disk keeps nothing more.
  await cache.put(name, response).catch(() => {})
  const keys = await cache.keys()
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MAX_IMAGES)).map((key) => cache.delete(key)))
}

/** Shows a place of the app: in a window that is open already, or in a new one. */
async function openApp(href: string): Promise<void> {
  const [open] = await self.clients.matchAll({ type: 'window' })
  if (!open) {
    await self.clients.openWindow(href)
    return
  }
  await open.focus()
  open.postMessage({ kind: 'open', href })
}
