import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { DESKTOP, openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot, untilShown } from './look.ts'

const server = await startTestServer()

/** No view has more stops than this before what one wants. */
const MAX_STOPS = 40

/** What has the focus: whether it can be seen to have it. */
const showsFocus = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement
    if (!focused || focused === document.body) return false
    // A field with a frame shows it on the frame.
    for (let element: Element | null = focused; element; element = element.parentElement) {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) return true
      if (element.matches(':focus-within') && boxShadow.includes('0px 0px 0px 2px')) return true
      if (element.matches('form, main, aside, nav')) return false
    }
    return false
  })

/** Goes there with the Tab key alone, seeing at every stop where one is. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  const passed: string[] = []
  for (let stops = 0; stops < MAX_STOPS; stops += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160) ?? '')
    passed.push(name)
    if (!name.startsWith('<body')) expect(await showsFocus(page), `the focus is seen on ${name}`).toBe(true)
  }
  expect(passed).toBe('a way there')
}

/** Whether anything is wider than the screen. */
const overflows = (page: Page) =>
  page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) > document.documentElement.clientWidth)

describe.skipIf(!chromiumPath)('the app for everybody', { timeout: 120_000 }, () => {
  const openApp = openBrowser(() => server)

  async function inhabitant() {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const { roomId } = await server.befriend(ada, bob)
    const group = await server.group(ada, [bob, cleo], 'Tea party')
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'Shall we meet at four?' })
    await cleo.post('/api/friend-requests/', { to_user: ada.id })
    return { ada, bob, roomId, groupId: group.id }
  }

  test('one logs in, finds a chat, answers and searches with the keyboard alone, and always sees where one is', async () => {
    const { ada, bob, roomId } = await inhabitant()
    const { page } = await openApp(undefined, { path: '/login' })
    await tabTo(page, page.getByLabel('Name or email'))
    await page.keyboard.type(ada.username)
    await tabTo(page, page.getByLabel('Password', { exact: true }))
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: bob.username }))
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${roomId}`)
    const area = page.getByRole('textbox', { name: 'Write a message' })
    await tabTo(page, area)
    await page.keyboard.type('At four, by the pond.')
    await page.keyboard.press('Enter')
    await expect
      .poll(async () => (await bob.get(`/api/chatrooms/${roomId}/messages/`)).body.results[0].content)
      .toBe('At four, by the pond.')
    expect(await area.evaluate((element) => element === document.activeElement)).toBe(true)

    // Not waiting for the search to be there.
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Tea party')
    // By what it is: behind a dialog it has no role.
    expect(await page.locator('textarea').inputValue()).toBe('')
    await expect.poll(() => page.getByRole('dialog').getByRole('combobox').inputValue()).toBe('Tea party')
    await page.getByRole('option', { name: 'Tea party' }).waitFor()
    await expect.poll(() => page.getByRole('option').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.getByRole('main').getByRole('heading', { name: 'Tea party' }).waitFor()
  })

  test('what others write is told to screen readers, and nothing moves where that is not wanted', async () => {
    const { ada, bob, roomId } = await inhabitant()
    const { page } = await openApp(ada, { path: `/rooms/${roomId}`, reducedMotion: 'reduce' })
    await page.getByRole('article').filter({ hasText: 'Shall we meet at four?' }).waitFor()
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'Or at five?' })
    await page
      .locator('[aria-live="polite"]', { hasText: `${bob.username}: Or at five?` })
      .waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Emoji' }).click()
    await page.getByRole('gridcell').first().waitFor()
    // Colours may fade.
    const longest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('*')].map((element) => {
          const { transitionProperty, transitionDuration } = getComputedStyle(element)
          const moves = /all|transform|translate|scale|rotate|width|height|opacity/.test(transitionProperty)
          return moves ? Math.max(...transitionDuration.split(',').map(Number.parseFloat)) : 0
        }),
      ),
    )
    expect(longest).toBeLessThanOrEqual(0.01)
  })

  test('from right to left everything is mirrored, and nothing is wider than a phone', async () => {
    const { ada, bob, roomId, groupId } = await inhabitant()
    const { page } = await openApp(ada, { path: `/rooms/${roomId}`, viewport: PHONE, locale: 'ar-EG' })
    await page.getByRole('textbox').fill('نلتقي عند البركة في الرابعة')
    await page.keyboard.press('Enter')
    const box = (words: string) => page.getByRole('article').getByText(words).boundingBox()
    await expect.poll(async () => (await box('نلتقي'))?.x).toBeLessThan(PHONE.width / 2)
    const others = await box('Shall we meet at four?')
    expect((others?.x ?? 0) + (others?.width ?? 0)).toBeGreaterThan(PHONE.width / 2)
    const back = await page.locator('header a, header button').first().boundingBox()
    expect(back?.x).toBeGreaterThan(PHONE.width / 2)
    await expect
      .poll(async () => (await bob.get(`/api/chatrooms/${roomId}/messages/`)).body.results[0].content)
      .toBe('نلتقي عند البركة في الرابعة')
    const views = [
      '/',
      `/rooms/${groupId}`,
      `/rooms/${groupId}?panel=info`,
      '/people',
      '/notifications',
      '/settings',
      '/new',
    ]
    for (const path of views) {
      await page.goto(server.url + path)
      await untilShown(page)
      expect(await overflows(page), path).toBe(false)
      await expectAccessible(page)
    }
  })

  test('what stands beside and behind the main views is accessible in both themes', async () => {
    const { ada, bob, roomId, groupId } = await inhabitant()
    const { body: link } = await ada.get(`/api/chatrooms/${groupId}/shareable_link/`)
    const { page } = await openApp(ada, { viewport: DESKTOP, colorScheme: 'light' })
    const views = {
      media: `/rooms/${groupId}?panel=media`,
      direct: `/rooms/${roomId}?panel=info`,
      person: `/people/${bob.id}`,
      requests: '/people?tab=requests',
      blocked: '/people?tab=blocked',
      join: `/join/${link.room_id}`,
      group: `/new?with=${bob.id}`,
      privacy: '/settings/privacy',
      security: '/settings/security',
      account: '/settings/account',
    }
    for (const [name, path] of Object.entries(views)) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(server.url + path)
      await untilShown(page)
      await expectAccessible(page)
      await page.emulateMedia({ colorScheme: 'dark' })
      await expect.poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
      await expectAccessible(page)
      await screenshot(page, `${name}-desktop-dark`)
    }
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').waitFor()
    await expectAccessible(page)
  })
})
