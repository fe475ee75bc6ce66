/** What the app keeps on the device. */
import type { Page } from 'playwright-core'

/** The parts of the model that are kept, as JSON. */
export const keptParts = (page: Page): Promise<string[]> => rowsOf(page, 'confab.cache', 'parts')

/** What waits to be sent and would survive the page, as JSON: a moment later than it is on the screen. */
export const keptSends = (page: Page): Promise<string[]> => rowsOf(page, 'confab.outbox', 'sends')

/** Makes no database: the app's own would lack its table. */
function rowsOf(page: Page, database: string, table: string): Promise<string[]> {
  return page.evaluate(
    async ([wanted, from]) => {
      const databases = await indexedDB.databases()
      if (!databases.some(({ name }) => name === wanted)) return []
      return new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open(wanted)
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const { result } = opening
          const reading = result.transaction(from).objectStore(from).getAll()
          reading.onsuccess = () => resolve(reading.result.map((row) => JSON.stringify(row)))
          result.close()
        }
      })
    },
    [database, table] as const,
  )
}

/** The images that the service worker keeps: their paths, and which size of them. */
export function keptImages(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keys = await (await caches.open('confab.images')).keys()
    return keys.map(({ url }) => new URL(url).pathname + new URL(url).search)
  })
}
