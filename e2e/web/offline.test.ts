import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openBrowser } from './app.ts'
import { keptImages, keptParts } from './kept.ts'

const server = await startTestServer()

/** Until the app is kept on the device, and with it what was looked at. */
async function untilKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await expect.poll(async () => (await keptParts(page)).length).toBeGreaterThan(1)
}

type Icon = Readonly<{ src: string; sizes: string; type: string; purpose: string }>

/** What an icon should be found to be. One of any size is as large as it says itself, and not empty. */
const asDeclared = ({ sizes, type }: Icon) => ({
  type,
  size: sizes === 'any' ? expect.stringMatching(/^[1-9]/) : sizes,
})

/** Loads an icon as the browser would, and answers what it is. */
async function loadIcon(page: Page, url: string): Promise<{ type: string | undefined; size: string }> {
  const reply = await page.request.get(url)
  const size = await page.evaluate(async (src) => {
    const image = new Image()
    image.src = src
    await image.decode()
    return `${image.naturalWidth}x${image.naturalHeight}`
  }, url)
  return { type: reply.headers()['content-type']?.split(';')[0], size }
}

const said = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words })

describe.skipIf(!chromiumPath)('the app on the device', () => {
  const openApp = openBrowser(() => server)

  /** Two who talk, and the conversation of one of them in a browser that keeps the app. */
  async function conversation(words: string) {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: words })
    const opened = await openApp(ada, { path: `/rooms/${roomId}`, serviceWorkers: 'allow' })
    await said(opened.page, words).waitFor()
    await untilKept(opened.page)
    return { ada, bob, roomId, ...opened }
  }

  test('starts without a network, shows what was loaded, and sends what is written once it is back', async () => {
    const { bob, roomId, page, context } = await conversation('read me offline')
    await context.setOffline(true)
    await page.goto(`${server.url}/rooms/${roomId}`)
    await said(page, 'read me offline').waitFor()
    await page.getByText('No connection.').waitFor()
    await page.getByRole('textbox', { name: 'Write a message' }).fill('written offline')
    await page.keyboard.press('Enter')
    await said(page, 'written offline').waitFor()
    await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings' }).first().waitFor()

    await context.setOffline(false)
    const contents = async () => {
      const { body } = await bob.get(`/api/chatrooms/${roomId}/messages/`)
      return body.results.map((message: { content: string }) => message.content)
    }
    await expect.poll(contents, { timeout: 15_000 }).toEqual(['written offline', 'read me offline'])
  })

  test('can be installed, with all the icons that it says it has, and begins without a network', async () => {
    const profile = await mkdtemp(path.join(tmpdir(), 'confab-profile-'))
    const options = { executablePath: chromiumPath ?? '', args: ['--no-sandbox'] }
    // The browser of the other tests keeps nothing, and so installs nothing.
    const context = await chromium.launchPersistentContext(profile, options)
    onTestFinished(async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    })
    const page = await context.newPage()
    await page.goto(`${server.url}/login`)
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    const devtools = await context.newCDPSession(page)
    const { data = '', errors, url } = await devtools.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect((await devtools.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([])

    const manifest = JSON.parse(data)
    const start = new URL(manifest.start_url, url)
    expect(start.href.startsWith(new URL(manifest.scope, url).href)).toBe(true)
    for (const shortcut of manifest.shortcuts) {
      expect(new URL(shortcut.url, url).href.startsWith(new URL(manifest.scope, url).href)).toBe(true)
    }
    expect(manifest.icons.map(({ purpose }: Icon) => purpose)).toContain('maskable')
    for (const icon of manifest.icons)
      expect(await loadIcon(page, new URL(icon.src, url).href)).toEqual(asDeclared(icon))

    await context.setOffline(true)
    await page.goto(start.href)
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
  })

  test('keeps so many images and not more, and nothing that was seen after a logout', async () => {
    const { ada, page } = await conversation('not for the next person')
    const picture = await readFile(new URL('../../packages/web/public/icons/icon-512.png', import.meta.url))
    const form = { profile_pic: { bytes: picture } }
    await ada.patch('/api/profile/', undefined, { form })
    await page.evaluate(async () => {
      const cache = await caches.open('confab.images')
      for (let number = 0; number < 300; number += 1) await cache.put(`/media/${number}`, new Response('seen'))
    })
    await page.goto(`${server.url}/settings/profile`)
    await expect.poll(() => keptImages(page)).not.toContain('/media/0')
    expect(await keptImages(page)).toHaveLength(300)

    await page.goto(`${server.url}/settings/account`)
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await expect.poll(() => page.evaluate(() => caches.has('confab.images'))).toBe(false)
    await expect.poll(() => keptParts(page)).toEqual([])
  })

  test('says that there is a newer version, and takes it at a press', async () => {
    const { page } = await conversation('of two versions')
    await page.reload()
    await said(page, 'of two versions').waitFor()
    // To the browser a worker of another address is a newer one.
    await page.evaluate(() => navigator.serviceWorker.register('/sw.js?newer').then(() => {}))
    const toast = page.getByRole('dialog', { name: 'There is a new version of Confab' })
    await toast.waitFor()
    expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(`${server.url}/sw.js`)
    const loaded = page.waitForEvent('load')
    await toast.getByRole('button', { name: 'Reload' }).click()
    await loaded
    await said(page, 'of two versions').waitFor()
    expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(`${server.url}/sw.js?newer`)
  })
})
