/** What the app keeps on the device. */
import type { Page } from 'playwright-core'

/** The parts of the model that are kept, as JSON. Makes no database: the app's own would lack its store. */
export function keptParts(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases()
    if (!databases.some(({ name }) => name === 'confab.cache')) return []
    return new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open('confab.cache')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const { result: database } = opening
        const reading = database.transaction('parts').objectStore('parts').getAll()
        reading.onsuccess = () => resolve(reading.result.map((part) => JSON.stringify(part)))
        database.close()
      }
    })
  })
}

/** The images that the service worker keeps: their paths, and which size of them. */
export function keptImages(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keys = await (await caches.open('confab.images')).keys()
    return keys.map(({ url }) => new URL(url).pathname + new URL(url).search)
  })
}
