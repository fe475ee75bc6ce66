import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { expectAccessible } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('what floats', () => {
  const openApp = openBrowser(() => server)

  async function openRoom(): Promise<Page> {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'Hello ada' })
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await page.getByRole('feed').getByText('Hello ada').waitFor()
    return page
  }

  const menuButton = (page: Page) => page.getByRole('button', { name: /^What to do with/ })

  test('a menu is used with the keyboard alone, and gives the focus back', async () => {
    const page = await openRoom()
    const button = menuButton(page)
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Mute for 1 hour' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)

    await page.keyboard.press('ArrowDown')
    await page.getByRole('menuitem', { name: 'Hide chat' }).waitFor()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: /is hidden until the next message/ }).waitFor()
    await button.waitFor({ state: 'detached' })
  })

  test('pressing the button of an open menu closes it', async () => {
    const page = await openRoom()
    const button = menuButton(page)
    await button.click()
    await page.getByRole('menu').waitFor()
    await button.click()
    await page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await button.getAttribute('aria-expanded')).toBe('false')
  })

  test('a right click on a chat says what can be done with it, and does it', async () => {
    const page = await openRoom()
    const chat = page.getByRole('complementary', { name: 'Chats' }).getByRole('link', { name: 'Hello ada' })
    await chat.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Mute for 1 hour' }).click()
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape')
        await chat.click({ button: 'right' })
        return page.getByRole('menuitem', { name: 'Unmute' }).isVisible()
      })
      .toBe(true)
  })

  test('a tooltip says what a picture means, to the mouse and to the keyboard, and Escape hides it', async () => {
    const page = await openRoom()
    const tooltip = (name?: string) => page.getByRole('tooltip', name === undefined ? {} : { name })
    const navigation = page.getByRole('navigation', { name: 'Main navigation' })
    await navigation.getByRole('link', { name: 'People' }).hover()
    await tooltip('People').waitFor()
    await page.mouse.move(600, 400)
    await tooltip().waitFor({ state: 'detached' })
    await navigation.getByRole('link', { name: 'People' }).focus()
    await page.keyboard.press('Tab')
    await tooltip('Notifications').waitFor()
    await page.keyboard.press('Escape')
    await tooltip().waitFor({ state: 'detached' })
    expect(await tooltip().count()).toBe(0)
  })

  test('what was done is told, and can be put away', async () => {
    const page = await openRoom()
    await page.goto(`${server.url}/settings/profile`)
    await page.getByLabel('First name').fill('Ada')
    await page.getByRole('button', { name: 'Save' }).click()
    const toast = page.getByRole('dialog', { name: 'Saved' })
    await toast.hover()
    await expectAccessible(page)
    await toast.getByRole('button', { name: 'Close' }).click()
    await toast.waitFor({ state: 'detached' })
    expect(await page.getByLabel('First name').inputValue()).toBe('Ada')
  })

  test('the search over everything opens with a key and closes with another', async () => {
    const page = await openRoom()
    await page.keyboard.press('Control+k')
    const dialog = page.getByRole('dialog', { name: 'Search everything' })
    await dialog.getByRole('combobox').fill('Hello')
    await dialog.getByRole('option', { name: 'Hello ada' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await dialog.count()).toBe(0)
  })
})
