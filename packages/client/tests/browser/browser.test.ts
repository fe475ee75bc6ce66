import { once } from 'node:events'
import { createServer } from 'node:http'
import path from 'node:path'
import type { ChatClient } from '@confab/client/client'
import { shellPath } from '@confab/testkit/chromium'
import { PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Network } from '../proxy.ts'

declare global {
  /** In the page. */
  var chat: ChatClient
}

/** In the page: how many sends the browser keeps. Makes no database: the client's own would lack its table. */
const COUNT_KEPT = `indexedDB.databases().then((all) => all.some(({ name }) => name === 'confab.outbox')
  ? new Promise((resolve, reject) => {
      const opening = indexedDB.open('confab.outbox')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const counting = opening.result.transaction('sends').objectStore('sends').count()
        counting.onsuccess = () => resolve(counting.result)
        opening.result.close()
      }
    })
  : 0)`

describe.skipIf(!shellPath)('in a browser', () => {
  let server: TestServer
  let network: Network
  let browser: Browser
  let context: BrowserContext
  let pageUrl: string
  let ada: Person
  let bob: Person
  let room: number

  beforeAll(async () => {
    server = await startTestServer()
    network = await Network.to(server.url)
    pageUrl = await servePage()
    browser = await chromium.launch({ executablePath: shellPath ?? '', args: ['--no-sandbox'] })
  }, 60_000)

  afterAll(() => browser?.close())

  beforeEach(async () => {
    network.join()
    ;[ada, bob] = await server.people('ada', 'bob')
    room = (await server.group(ada, [bob])).id
    context = await browser.newContext()
    return () => context.close()
  })

  /** Bundles the page, and serves it from an origin of its own. */
  async function servePage(): Promise<string> {
    const build = await rolldown({
      input: path.join(import.meta.dirname, 'page.ts'),
      platform: 'browser',
      transform: { define: { 'process.env.NODE_ENV': '"development"' } },
    })
    const { output } = await build.generate({ format: 'esm' })
    const html = '<!doctype html><div id="root"></div><script type="module" src="/page.js"></script>'
    const pages = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? output[0].code : html)
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    afterAll(() => {
      pages.close()
    })
    const address = pages.address()
    if (typeof address !== 'object' || address === null) throw new Error('no address')
    return `http://127.0.0.1:${address.port}/?server=${network.url}`
  }

  async function open(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(pageUrl)
    return page
  }

  const logIn = (page: Page) =>
    page.evaluate((who) => globalThis.chat.login(who), { identifier: ada.username, password: PASSWORD })
  const lines = (page: Page, list: 'messages' | 'outbox') => page.locator(`#${list} li`).allTextContents()
  const send = (page: Page, text: string) =>
    page.evaluate(
      ([to, content]) => {
        globalThis.chat.send(to, content)
      },
      [room, text] as const,
    )
  const shows = (page: Page, list: 'messages' | 'outbox', expected: string[]) =>
    expect.poll(() => lines(page, list), { timeout: 15_000 }).toEqual(expected)

  const keeps = (page: Page, count: number) => expect.poll(() => page.evaluate(COUNT_KEPT)).toBe(count)

  test('hooks show what happens as it happens', async () => {
    const page = await open()
    await logIn(page)
    await send(page, 'hello bob')
    await shows(page, 'messages', ['hello bob (delivered)'])

    const bobs = await bob.connect(`/ws/chat/${room}/`)
    bobs.send({ type: 'typing' })
    await expect.poll(() => page.locator('#typing').textContent()).toBe(bob.username)
    await bob.post(`/api/chatrooms/${room}/messages/`, { content: 'hello ada' })
    await bob.post(`/api/chatrooms/${room}/mark_as_read/`)

    await shows(page, 'messages', ['hello bob (read)', 'hello ada'])
    await expect.poll(() => page.locator('#typing').textContent()).toBe('')
  })

  test('a login and what was not sent survive a reload, and it is sent once', async () => {
    const page = await open()
    await logIn(page)
    await page.locator('section[data-loaded=true]').waitFor({ state: 'attached' })
    network.cut()
    await expect.poll(() => page.locator('#status').textContent()).toBe('waiting')
    await send(page, 'written offline')
    await page.evaluate(async (to) => {
      const canvas = new OffscreenCanvas(8, 8)
      canvas.getContext('2d')?.fillRect(0, 0, 8, 8)
      globalThis.chat.send(to, { content: 'with a picture', image: await canvas.convertToBlob() })
    }, room)
    await shows(page, 'outbox', ['written offline (queued)', 'with a picture (queued)'])
    await keeps(page, 2)

    await page.reload()
    network.join()
    await shows(page, 'messages', ['written offline (delivered)', 'with a picture [image] (delivered)'])

    expect(await lines(page, 'outbox')).toEqual([])
    await page.reload()
    await shows(page, 'messages', ['written offline (delivered)', 'with a picture [image] (delivered)'])
    const { body } = await bob.get(`/api/chatrooms/${room}/messages/`)
    expect(body.results).toHaveLength(2)
  })

  test('what is written after the browser forgot what the page kept survives a reload, too', async () => {
    const page = await open()
    await logIn(page)
    await page.locator('section[data-loaded=true]').waitFor({ state: 'attached' })
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          indexedDB.deleteDatabase('confab.outbox').onsuccess = () => resolve()
        }),
    )
    network.cut()
    await expect.poll(() => page.locator('#status').textContent()).toBe('waiting')
    await send(page, 'written offline')
    await shows(page, 'outbox', ['written offline (queued)'])
    await keeps(page, 1)

    await page.reload()
    network.join()
    await shows(page, 'messages', ['written offline (delivered)'])
  })

  test('two tabs have one socket, and when one closes the other goes on; a logout is one in both', async () => {
    let sockets = 0
    context.on('page', (page) => page.on('websocket', () => (sockets += 1)))
    const first = await open()
    await logIn(first)
    await expect.poll(() => first.locator('#status').textContent()).toBe('live')
    const second = await open()
    await expect.poll(() => second.locator('#status').textContent()).toBe('live')
    await send(second, 'from the second')
    for (const page of [first, second]) await shows(page, 'messages', ['from the second (delivered)'])
    expect(sockets).toBe(1)

    await first.close()
    await send(second, 'alone')
    await shows(second, 'messages', ['from the second (delivered)', 'alone (delivered)'])
    expect(sockets).toBe(2)

    const third = await open()
    await expect.poll(() => third.locator('#status').textContent()).toBe('live')
    await second.evaluate(() => globalThis.chat.logout())
    for (const page of [second, third]) {
      await expect.poll(() => page.locator('#status').textContent()).toBe('stopped')
      expect(await page.evaluate(() => localStorage.length)).toBe(0)
    }
  })

  test('an upload tells how much of it is sent', async () => {
    const page = await open()
    await logIn(page)

    const told = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(900, 900)
      const context2d = canvas.getContext('2d')
      const noise = new ImageData(900, 900)
      for (let index = 0; index < noise.data.length; index++) noise.data[index] = Math.random() * 256
      context2d?.putImageData(noise, 0, 0)
      const parts: number[] = []
      const profile_pic = await canvas.convertToBlob()
      await globalThis.chat.api.accounts.updateProfile({
        body: { profile_pic },
        onProgress: (part) => parts.push(part),
      })
      return parts
    })

    expect(told.length).toBeGreaterThan(1)
    expect(told).toEqual(told.toSorted((one, other) => one - other))
    expect(told.at(-1)).toBe(1)
  })
})
