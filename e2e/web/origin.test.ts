import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { signAccessToken } from '@confab/server/features/accounts/tokens'
import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD, type Person, startTestServer } from '@confab/testkit/server'
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { buildWebAppFor } from './build.ts'
import { keptImages, keptParts } from './kept.ts'
import { screenshot } from './look.ts'
import { StaticHost } from './static-host.ts'

const host = await StaticHost.start()
const server = await startTestServer({ ALLOWED_ORIGINS: host.url, WEB_DIR: 'none' })

const area = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })
const said = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words })
const imageOf = (page: Page, words: string) => said(page, words).getByRole('img', { name: /Image/ }).first()

/** How wide it is as it came, not as it is drawn. */
const widthOf = (image: Locator) =>
  image.evaluate((shown) => (shown instanceof HTMLImageElement ? shown.naturalWidth : 0))

async function say(page: Page, words: string): Promise<void> {
  await area(page).fill(words)
  await area(page).press('Enter')
}

async function logIn(page: Page, { username }: Person): Promise<void> {
  await page.getByLabel('Name or email').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** From the link of a group to the group, with a new account. */
async function signUpAndJoin(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Tea party' }).waitFor()
  await page.getByRole('link', { name: 'Sign up' }).click()
  await page.getByLabel('Username').fill(`bob_${randomUUID().slice(0, 8)}`)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('button', { name: 'Join the group' }).click()
  await area(page).waitFor()
}

async function sendImage(page: Page, words: string): Promise<void> {
  const picture = sharp({ create: { width: 900, height: 600, channels: 3, background: '#3b7f6b' } })
  const file = { name: 'garden.jpg', mimeType: 'image/jpeg', buffer: await picture.jpeg().toBuffer() }
  await page.locator('input[type=file]').first().setInputFiles(file)
  await area(page).fill(words)
  const send = page.getByRole('button', { name: 'Send' })
  await expect.poll(() => send.isEnabled()).toBe(true)
  await send.click()
}

/** Replaces the access token of a page by one that was valid until a minute ago. */
async function expireToken(page: Page, who: Person): Promise<void> {
  const claims = JSON.parse(Buffer.from(who.token?.split('.')[1] ?? '', 'base64url').toString())
  const bearer = { userId: who.id, username: who.username, sessionId: Number(claims.session_id) }
  const access = await signAccessToken(server.core.secretKey, bearer, -60)
  await page.evaluate(
    (tokens) => localStorage.setItem('confab.tokens', tokens),
    JSON.stringify({ access, refresh: who.refresh }),
  )
}

describe.skipIf(!chromiumPath)('the app on another origin than its server', { timeout: 120_000 }, () => {
  let folder = ''
  beforeAll(async () => {
    folder = await buildWebAppFor(server.url)
    host.serve(folder, server.url)
  }, 120_000)
  afterAll(async () => {
    await host.close()
    await rm(folder, { recursive: true, force: true })
  })
  const openApp = openBrowser(() => ({ url: host.url, serverUrl: server.url }))

  test('people log in, invite, sign up, talk and send images there, and read on without a network', async () => {
    const [ada, cleo] = await server.people('ada', 'cleo')
    const { id } = await server.group(ada, [cleo], 'Tea party')
    const { page: adas, context } = await openApp(undefined, { path: `/rooms/${id}`, serviceWorkers: 'allow' })
    await logIn(adas, ada)
    await area(adas).waitFor()
    await adas.getByRole('link', { name: 'About this conversation' }).first().click()
    const link = await adas.getByLabel('Invitation link').inputValue()
    expect(link).toMatch(new RegExp(`^${host.url}/join/`))

    const { page: bobs } = await openApp(undefined, { path: new URL(link).pathname })
    await signUpAndJoin(bobs)
    await say(bobs, 'Hello from elsewhere')
    await said(adas, 'Hello from elsewhere').waitFor()
    await sendImage(bobs, 'the garden')
    await expect.poll(() => widthOf(imageOf(adas, 'the garden'))).toBe(900)
    await expect.poll(() => widthOf(imageOf(bobs, 'the garden'))).toBe(900)
    await screenshot(adas, 'another-origin')

    await imageOf(bobs, 'the garden').click()
    const saving = bobs.waitForEvent('download')
    await bobs.getByRole('link', { name: 'Download' }).click()
    expect((await saving).suggestedFilename()).toMatch(/^confab-\d+\.jpg$/)
    await bobs.keyboard.press('Escape')

    await adas.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await adas.reload()
    await expect.poll(() => widthOf(imageOf(adas, 'the garden'))).toBe(900)
    await expect.poll(() => keptImages(adas)).toHaveLength(2)
    await expect.poll(async () => (await keptParts(adas)).join()).toContain('the garden')
    await context.setOffline(true)
    await adas.goto(`${host.url}/rooms/${id}`)
    await said(adas, 'Hello from elsewhere').waitFor()
    await adas.getByText('No connection.').waitFor()
    await screenshot(adas, 'another-origin-offline')
    await expect.poll(() => widthOf(imageOf(adas, 'the garden'))).toBe(900)
    await say(adas, 'written offline')
    await context.setOffline(false)
    await said(bobs, 'written offline').waitFor()
  })

  test('an access token that has expired is renewed from there', async () => {
    const [ada, cleo] = await server.people('ada', 'cleo')
    const { id } = await server.group(ada, [cleo], 'Tea party')
    const { page } = await openApp(ada, { path: `/rooms/${id}` })
    await area(page).waitFor()
    await expireToken(page, ada)
    const renewal = page.waitForResponse(`${server.url}/api/token/refresh/`)
    await page.reload()
    expect((await renewal).status()).toBe(200)
    await say(page, 'still here')
    const contents = async () =>
      (await ada.get(`/api/chatrooms/${id}/messages/`)).body.results.map((one: { content: string }) => one.content)
    await expect.poll(contents).toContain('still here')
  })
})
