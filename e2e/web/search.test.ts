import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('the search', () => {
  const openApp = openBrowser(() => server)
  const palette = (page: Page) => page.getByRole('dialog', { name: 'Search everything' })
  const option = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name })
  const type = (page: Page, words: string) => palette(page).getByRole('combobox').fill(words)

  async function inhabitant() {
    const [ada, bob, zoe] = await server.people('ada', 'bob', 'zoe')
    await server.befriend(ada, bob)
    const group = await server.group(ada, [bob], 'Tea party')
    const said: number[] = []
    for (const content of ['The kettle sings', 'No tea without a kettle', 'Milk first', 'A kettle of fish']) {
      const { body } = await bob.post(`/api/chatrooms/${group.id}/messages/`, { content })
      said.push(body.id)
    }
    // The index follows what was said.
    const found = async () => (await ada.get('/api/search/messages/?q=kettle')).body.results.length
    await expect.poll(found).toBe(3)
    return { ada, zoe, groupId: group.id, said }
  }

  test('the search offers the latest chats, and gives the focus back where it came from', async () => {
    const { ada } = await inhabitant()
    const { page } = await openApp(ada, { colorScheme: 'dark' })
    const opener = page.getByRole('button', { name: 'Search' })
    await opener.press('Enter')
    await option(page, 'Tea party').waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await palette(page).waitFor({ state: 'detached' })
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true)
  })

  test('whoever chooses a chat goes on to write in it, whether they searched by key or by press', async () => {
    const { ada, zoe, groupId } = await inhabitant()
    const { id: other } = await server.group(ada, [zoe], 'Book club')
    const { page } = await openApp(ada, { path: `/rooms/${other}` })
    const area = page.getByRole('textbox', { name: 'Write a message' })
    await area.waitFor()
    const choose = async (name: string, id: number) => {
      await type(page, name)
      await option(page, name).waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL(`${server.url}/rooms/${id}`)
      await palette(page).waitFor({ state: 'detached' })
      await area.and(page.locator(':focus')).waitFor()
    }
    await page.keyboard.press('Control+k')
    await choose('Tea party', groupId)
    await page.getByRole('button', { name: 'Search' }).first().click()
    await choose('Book club', other)
  })

  test('where its code cannot be fetched the chat goes on, and it is there when it can be', async () => {
    const { ada, groupId } = await inhabitant()
    const { page } = await openApp(ada, { path: `/rooms/${groupId}` })
    await page.locator('textarea').fill('a draft')
    await page.route(/CommandPalette/, (route) => route.abort())
    await page.keyboard.press('Control+k')
    await page.getByText('This could not be loaded').waitFor()
    await page.getByRole('button', { name: 'Reload' }).waitFor()
    expect(await page.locator('textarea').inputValue()).toBe('a draft')
    await page.getByRole('article').filter({ hasText: 'Milk first' }).waitFor()
    await expect.poll(() => page.locator('textarea').evaluate((area) => area === document.activeElement)).toBe(true)

    await page.unroute(/CommandPalette/)
    await page.keyboard.press('Control+k')
    await option(page, 'Tea party').waitFor()
  })

  test('one field finds messages and people, by keyboard alone', async () => {
    const { ada, zoe, groupId, said } = await inhabitant()
    const { page } = await openApp(ada, { colorScheme: 'dark' })
    await page.getByRole('list', { name: 'Chats' }).getByText('Tea party').waitFor()
    await page.keyboard.press('Control+k')
    await type(page, 'kettle fish')
    await option(page, /A kettle of fish/).waitFor()
    expect(await palette(page).locator('mark').allTextContents()).toEqual(['kettle', 'fish'])
    await expectAccessible(page)
    await screenshot(page, 'search-dark')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${groupId}?message=${said[3]}`)

    await page.keyboard.press('Control+k')
    await type(page, zoe.username)
    await option(page, zoe.username).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toMatch(/rooms\/\d+$/)
    await page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: zoe.username }).waitFor()
  })

  test('what can be done is found by its name, and what is nowhere is said to be', async () => {
    const { ada } = await inhabitant()
    const { page } = await openApp(ada)
    await page.getByRole('list', { name: 'Chats' }).getByText('Tea party').waitFor()
    await page.keyboard.press('Control+k')
    await type(page, 'appe')
    await palette(page).getByRole('heading', { name: 'Nothing was found' }).waitFor()
    await type(page, 'notif')
    await option(page, 'Notifications').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toBe(`${server.url}/notifications`)
  })

  test('what the server cannot be asked for says so, and what is on the device is found all the same', async () => {
    const { ada } = await inhabitant()
    const { page, context } = await openApp(ada)
    await page.getByRole('list', { name: 'Chats' }).getByText('Tea party').waitFor()
    await page.keyboard.press('Control+k')
    await option(page, 'Tea party').waitFor()
    await context.setOffline(true)
    await type(page, 'party')
    await option(page, 'Tea party').waitFor()
    await context.setOffline(false)
    await type(page, 'party tea')
    await option(page, 'Tea party').waitFor()
    await expectAccessible(page)
    expect(await option(page, 'Tea party').getAttribute('aria-selected')).toBe('true')
  })

  test('in a chat one steps from result to result, each in its place', async () => {
    const { ada, groupId, said } = await inhabitant()
    const { page } = await openApp(ada, { path: `/rooms/${groupId}?panel=search` })
    const panel = page.getByRole('complementary', { name: 'About this conversation' })
    await panel.getByRole('searchbox').fill('kettle')
    await panel.getByText('3 results').waitFor()
    await expectAccessible(page)
    const opened = () => new URL(page.url()).searchParams.get('message')
    await page.keyboard.press('Enter')
    await expect.poll(opened).toBe(String(said[3]))
    await panel.getByText('1 of 3').waitFor()
    await panel.getByRole('button', { name: 'Next result' }).click()
    await expect.poll(opened).toBe(String(said[1]))
    await panel.getByRole('button', { name: 'Previous result' }).click()
    await expect.poll(opened).toBe(String(said[3]))
  })

  test('on a phone a result takes the place of the panel, and the search is still there behind it', async () => {
    const { ada, groupId, said } = await inhabitant()
    const { page } = await openApp(ada, { viewport: PHONE, path: `/rooms/${groupId}?panel=search` })
    await page.getByRole('searchbox').fill('milk')
    await page.getByRole('link', { name: /Milk first/ }).click()
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${groupId}?message=${said[2]}`)
    await page.goBack()
    await page.getByRole('link', { name: /Milk first/ }).waitFor()
    expect(await page.getByRole('searchbox').inputValue()).toBe('milk')
  })
})
