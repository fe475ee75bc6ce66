import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD } from '@confab/testkit/server'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onLoopback } from '../../chaos/stack/address.ts'
import { Wire } from '../../chaos/stack/wire.ts'
import { openBrowser } from './app.ts'
import { keptSends } from './kept.ts'
import { type Account, ServerProcess } from './server-process.ts'

/** Machines differ. */
const patience = { timeout: 30_000 }

/** High enough for all messages of a test at once. */
const TALL = { width: 900, height: 3_000 }

const area = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })

/** Says something as people do: key by key, and Enter. */
async function say(page: Page, words: string): Promise<void> {
  await area(page).pressSequentially(words)
  await area(page).press('Enter')
}

/** What stands in the conversation on somebody's screen, in order. */
const onScreen = (page: Page) =>
  page.getByRole('article').evaluateAll((rows) =>
    rows
      .map((row) => ({
        top: row.getBoundingClientRect().top,
        words: row.querySelector('[id]')?.textContent ?? '',
      }))
      .sort((one, other) => one.top - other.top)
      .map(({ words }) => words),
  )

/** How many messages on a screen have not reached the server yet. */
const waiting = (page: Page) =>
  page
    .getByRole('feed')
    .getByText(/^(Waiting to be sent|Sending|Not sent)$/)
    .count()

const numbered = (name: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${name} ${from + index}`)

describe.skipIf(!chromiumPath)('what goes wrong on the way', { timeout: 120_000 }, () => {
  let server: ServerProcess
  /** Between the browsers and the server. */
  let wire: Wire
  beforeAll(async () => {
    server = await ServerProcess.start()
    wire = await Wire.open(onLoopback(Number(new URL(server.url).port)))
  })
  afterAll(async () => {
    await wire?.close()
    await server?.remove()
  })
  const address = () => `http://127.0.0.1:${wire.address.port}`
  const openApp = openBrowser(() => ({ url: address() }))

  /** Takes the network away. The browser alone would let open sockets live on. */
  async function cutOff(context: BrowserContext): Promise<void> {
    await context.setOffline(true)
    wire.cut()
  }

  async function couple() {
    const [ada, bob] = await Promise.all([server.person('ada'), server.person('bob')])
    const roomId = await server.directRoom(ada, bob)
    return { ada, bob, roomId, path: `/rooms/${roomId}`, api: `/api/chatrooms/${roomId}/messages/` }
  }

  const stored = async (who: Account, api: string): Promise<string[]> => {
    const { body } = await who.get(`${api}?limit=100`)
    return body.results.map(({ content }: { content: string }) => content).reverse()
  }

  test('a server that is killed and comes back while two people write loses and doubles nothing on either screen', async () => {
    const { ada, bob, path, api } = await couple()
    const [adas, bobs] = await Promise.all([
      openApp(ada, { path, viewport: TALL }),
      openApp(bob, { path, viewport: TALL }),
    ])
    const pages = [adas.page, bobs.page] as const
    const bothSay = (from: number, to: number) =>
      Promise.all(
        (['ada', 'bob'] as const).map(async (name, index) => {
          for (const words of numbered(name, from, to)) await say(pages[index] ?? adas.page, words)
        }),
      )

    await bothSay(1, 4)
    const toldBefore = bothSay(5, 8)
    await server.kill()
    await toldBefore
    await bothSay(9, 12)
    for (const page of pages) await expect.poll(() => waiting(page), patience).toBeGreaterThan(3)
    const toldMeanwhile = bothSay(13, 16)
    await server.restart()
    await toldMeanwhile

    const all = [...numbered('ada', 1, 16), ...numbered('bob', 1, 16)].sort()
    for (const page of pages) {
      await expect.poll(async () => (await onScreen(page)).toSorted(), patience).toEqual(all)
      await expect.poll(() => waiting(page), patience).toBe(0)
      const screen = await onScreen(page)
      for (const name of ['ada', 'bob']) {
        expect(screen.filter((words) => words.startsWith(name))).toEqual(numbered(name, 1, 16))
      }
    }
    const kept = await stored(ada, api)
    for (const page of pages) expect(await onScreen(page)).toEqual(kept)
  })

  test('two tabs of one person share one socket, show the same, and outlive each other', async () => {
    const { ada, bob, path, api } = await couple()
    const { page, context } = await openApp(ada, { path })
    await area(page).waitFor()
    const sockets = countSockets(context, page)
    const other = await context.newPage()
    await other.goto(address() + path)
    await say(other, 'from the second tab')
    await page.getByRole('article').filter({ hasText: 'from the second tab' }).waitFor()
    await say(page, 'from the first tab')
    await expect.poll(() => onScreen(other), patience).toEqual(['from the second tab', 'from the first tab'])
    // The second tab shows it before it is sent.
    await expect.poll(() => waiting(other), patience).toBe(0)
    expect(sockets()).toBe(0)

    await page.close()
    await bob.post(api, { content: 'to whoever is there' })
    await expect.poll(async () => (await onScreen(other)).at(-1), patience).toBe('to whoever is there')
    expect(sockets()).toBe(1)
    await say(other, 'still here')
    await expect
      .poll(() => stored(bob, api), patience)
      .toEqual(['from the second tab', 'from the first tab', 'to whoever is there', 'still here'])
  })

  test('what was written without a network goes out once when it is back, from another tab, too', async () => {
    const { ada, bob, path, api } = await couple()
    const { page, context } = await openApp(ada, { path })
    await area(page).waitFor()
    await cutOff(context)
    for (const words of numbered('ada', 1, 3)) await say(page, words)
    await bob.post(api, { content: 'are you there?' })
    await page.getByText('No connection. What you write is kept and sent later.').waitFor()
    await expect.poll(() => waiting(page), patience).toBe(3)
    await expect.poll(() => keptSends(page), patience).toHaveLength(3)
    await page.close()

    await context.setOffline(false)
    const next = await context.newPage()
    await next.goto(address() + path)
    const all = ['are you there?', ...numbered('ada', 1, 3)]
    await expect.poll(() => onScreen(next), patience).toEqual(all)
    await expect.poll(() => waiting(next), patience).toBe(0)
    expect(await stored(bob, api)).toEqual(all)
  })

  test('an access token that has expired is renewed once, without anybody noticing', async () => {
    const { ada, bob, path, api } = await couple()
    await bob.post(api, { content: 'before' })
    const expired = await server.expiredToken(ada)
    const { page } = await openApp(undefined, { path: '/login' })
    const renewals: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/api/token/refresh/')) renewals.push(request.url())
    })
    await page.evaluate((tokens) => localStorage.setItem('confab.tokens', tokens), tokensOf(expired, ada.refresh))
    await page.goto(address() + path)
    await page.getByRole('article').filter({ hasText: 'before' }).waitFor()
    await say(page, 'after')
    await expect.poll(() => stored(bob, api), patience).toEqual(['before', 'after'])
    expect(new URL(page.url()).pathname).toBe(path)
    expect(renewals).toHaveLength(1)
  })

  test('a message that was asked for without a network is shown once it is back', async () => {
    const { ada, bob, path, api } = await couple()
    const { body: first } = await bob.post(api, { content: 'the first one' })
    for (const content of numbered('later', 1, 150)) await bob.post(api, { content })
    await ada.post(`/api/chatrooms${path.replace('/rooms', '')}/mark_as_read/`)
    const { page, context } = await openApp(ada, { path })
    await page.getByText('later 150', { exact: true }).waitFor()
    await cutOff(context)
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes(`around=${first.id}`))
    await page.evaluate((to) => history.pushState({}, '', to), `${path}?message=${first.id}`)
    await failed
    await context.setOffline(false)

    await expect.poll(() => onScreen(page), patience).toContain('the first one')
  })

  test('what is fetched of a conversation is fetched again where the call fails while the socket lives', async () => {
    const { ada, bob, path, api } = await couple()
    const { body: first } = await bob.post(api, { content: 'the first one' })
    for (const content of numbered('later', 1, 150)) await bob.post(api, { content })
    await ada.post(`/api/chatrooms${path.replace('/rooms', '')}/mark_as_read/`)
    const { page } = await openApp(ada, { path })
    await page.getByText('later 150', { exact: true }).waitFor()
    const [around, more] = [`around=${first.id}`, 'cursor=']
    const broken = new Set([around, more])
    for (const asked of broken) {
      await page.route(`**${api}?*${asked}*`, (route) => (broken.has(asked) ? route.abort() : route.continue()))
    }

    await page.evaluate((to) => history.pushState({}, '', to), `${path}?message=${first.id}`)
    await page.getByText('The server cannot be reached').waitFor()
    broken.delete(around)
    await expect.poll(() => onScreen(page), patience).toContain('the first one')

    await page.getByText('More messages could not be loaded.').waitFor()
    const fetched = page.waitForResponse((response) => response.url().includes(more))
    broken.delete(more)
    await fetched
  })

  test('a room is asked for until the server has it', async () => {
    const { ada, path, roomId } = await couple()
    const { page } = await openApp(ada, { path: '/rooms' })
    let tries = 0
    await page.route(`**/api/chatrooms/${roomId}/`, (route) => {
      tries += 1
      return route.fulfill({ status: 503, body: '{}' })
    })
    await page.goto(`${address()}${path}`)

    await expect.poll(() => tries, patience).toBe(4)
  })

  test('a login that is over leads to the login page, with what was written and not sent still there after it', async () => {
    const { ada, bob, path, api } = await couple()
    const { page, context } = await openApp(ada, { path })
    await area(page).waitFor()
    await cutOff(context)
    await say(page, 'sent without a network')
    await area(page).pressSequentially('half a thought')
    await expect.poll(() => waiting(page), patience).toBe(1)
    await ada.post('/api/logout/', { refresh_token: ada.refresh })
    await context.setOffline(false)

    await page.getByText('what you were writing is kept').waitFor()
    expect(await stored(bob, api)).toEqual([])
    await page.getByLabel('Name or email').fill(ada.username)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect.poll(() => stored(bob, api), patience).toEqual(['sent without a network'])
    expect(await area(page).inputValue()).toBe('half a thought')
    await expect.poll(() => onScreen(page), patience).toEqual(['sent without a network'])
  })
})

/** Counts the sockets that are opened from now on, in any tab but one. */
function countSockets(context: BrowserContext, except: Page): () => number {
  let count = 0
  context.on('page', (page) => {
    page.on('websocket', () => {
      count += 1
    })
  })
  except.on('websocket', () => {
    throw new Error('the first tab opened another socket')
  })
  return () => count
}

const tokensOf = (access: string, refresh: string) => JSON.stringify({ access, refresh })
