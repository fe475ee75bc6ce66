import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('the list of chats', () => {
  const openApp = openBrowser(() => server)
  const list = (page: Page) => page.getByRole('list', { name: 'Chats' })
  const rows = (page: Page) => list(page).getByRole('listitem')

  async function inhabitant() {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const { roomId } = await server.befriend(ada, bob)
    const group = await server.group(ada, [bob, cleo], 'Tea party')
    const say = (who: typeof ada, room: number, content: string) =>
      who.post(`/api/chatrooms/${room}/messages/`, { content })
    await say(bob, roomId, 'Shall we meet at four?')
    await say(cleo, group.id, 'Who has the kettle?')
    return { ada, bob, cleo, roomId, groupId: group.id, say }
  }

  test('what was said stands below the name of the chat, whichever way its language and that of the app go', async () => {
    const { ada, say, groupId } = await inhabitant()
    await say(ada, groupId, 'So I have.')
    const { page } = await openApp(ada, { locale: 'ar-EG' })
    await page.getByRole('radio', { name: /[١-٩]$/ }).waitFor()
    const said = ['Shall we meet at four?', 'أنت:'].map((words) => page.getByText(words))
    for (const words of said) {
      const box = await words.boundingBox()
      const row = await page.getByRole('listitem').filter({ has: words }).boundingBox()
      // Beside the picture, which stands at the right.
      expect((row?.x ?? 0) + (row?.width ?? 0) - (box?.x ?? 0) - (box?.width ?? 0)).toBeLessThan(80)
    }
  })

  test('who has a long name is seen from its beginning on, whichever way the app goes', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Wolfeschlegelsteinhausenbergerdorff'.repeat(4))
    const { page } = await openApp(ada, { path: `/rooms/${id}`, locale: 'ar-EG' })
    const heading = page.getByRole('main').getByRole('heading', { level: 1 })
    const [seen, name] = [await heading.boundingBox(), await heading.getByRole('link').boundingBox()]
    expect(name?.width).toBeGreaterThan(seen?.width ?? 0)
    expect(name?.x).toBeCloseTo(seen?.x ?? 0)
    // Where one writes, too.
    const area = page.locator('textarea')
    expect(await area.getAttribute('placeholder')).toBe('رسالة إلى \u2068Wolfeschlegelsteinh…\u2069')
    await page.setViewportSize(PHONE)
    await expect.poll(() => area.getAttribute('placeholder')).toBe('رسالة إلى \u2068Wolfeschleg…\u2069')
  })

  test('a chat that the list does not reach is read when it is opened', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: old } = await server.group(ada, [bob], 'Old')
    await ada.post(`/api/chatrooms/${old}/messages/`, { content: 'long ago' })
    await Promise.all(Array.from({ length: 60 }, () => server.group(ada, [bob])))
    const { page } = await openApp(bob, { path: `/rooms/${old}`, viewport: PHONE })
    await page.getByText('long ago').first().waitFor()

    const unread = async () => {
      const { body } = await bob.get('/api/chatrooms/?search=Old')
      return body.results[0].unread_count
    }
    await expect.poll(unread, { timeout: 10_000 }).toBe(0)
  })

  test('what happens in the chats is seen in the list as it happens', async () => {
    const { ada, bob, roomId, groupId, say } = await inhabitant()
    const { page } = await openApp(ada)
    const first = rows(page).first()
    await first.getByText('Who has the kettle?').waitFor()
    const direct = rows(page).filter({ hasText: bob.username }).filter({ hasText: 'four' })

    const bobs = await bob.connect(`/ws/chat/${roomId}/`)
    await direct.getByText('online', { exact: true }).waitFor()
    bobs.send({ type: 'typing' })
    await rows(page).getByText('is typing…').waitFor()
    bobs.send({ type: 'stop_typing' })
    await rows(page).getByText('is typing…').waitFor({ state: 'detached' })

    await say(bob, roomId, '**Or** at [five](https://a.example)?')
    await first.getByText('Or at five?').waitFor()
    await first.getByText('2 unread messages').waitFor()
    await say(bob, groupId, `@${ada.username} has it`)
    await first.getByText('1 mention of you').waitFor()
    await say(ada, groupId, 'So I have.')
    await first.getByText('You:').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'rooms-live')
  })

  test('a chat is muted, read and filtered from its menu, by keyboard alone', async () => {
    const { ada, bob } = await inhabitant()
    const { page } = await openApp(ada)
    await rows(page).first().getByText('Who has the kettle?').waitFor()
    const group = list(page).getByRole('link', { name: 'Tea party' })
    const choose = async (name: string) => {
      await group.focus()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name }).press('Enter')
      await page.getByRole('menu').waitFor({ state: 'detached' })
    }
    await choose('Mute for 8 hours')
    await rows(page).first().getByText('muted', { exact: true }).waitFor()
    await choose('Unmute')
    await rows(page).first().getByText('muted', { exact: true }).waitFor({ state: 'detached' })
    await choose('Mark as read')
    await rows(page).first().getByText('unread').waitFor({ state: 'detached' })

    await page.getByRole('radio', { name: 'Unread' }).check({ force: true })
    await expect.poll(() => rows(page).count()).toBe(1)
    await rows(page).getByText(bob.username).first().waitFor()
    await page.getByRole('radio', { name: 'Groups' }).check({ force: true })
    await rows(page).getByText('Tea party').waitFor()
    expect(await rows(page).count()).toBe(1)
  })

  test('the keyboard goes on at the next chat when one is hidden', async () => {
    const { ada, bob, cleo } = await inhabitant()
    await server.befriend(ada, cleo)
    const { page } = await openApp(ada)
    const focused = page.locator(':focus')
    const hide = async (name: string) => {
      const menu = list(page).getByRole('button', { name: `What to do with ${name}` })
      await menu.press('Enter')
      await page.getByRole('menuitem', { name: 'Hide chat' }).press('Enter')
      await menu.waitFor({ state: 'detached' })
    }
    await expect.poll(() => rows(page).count()).toBe(3)
    await hide(cleo.username)
    await list(page).getByRole('link').first().and(focused).waitFor()
    await hide(bob.username)
    await list(page).getByRole('link', { name: 'Tea party' }).and(focused).waitFor()
  })

  test('arrow keys go through the list, Alt with them from chat to chat, and a draft stays to be seen', async () => {
    const { ada, roomId, groupId } = await inhabitant()
    const { page } = await openApp(ada)
    await list(page).getByRole('link', { name: 'Tea party' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${roomId}`)
    await page.getByRole('textbox', { name: 'Message' }).fill('Half a thought')
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${groupId}`)
    await rows(page).getByText('Half a thought').waitFor()

    await page.goto(server.url)
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${groupId}`)
  })

  test('of many chats only those near what is seen are drawn, and all can be reached', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    for (let number = 1; number <= 70; number++) await server.group(ada, [bob], `Group ${number}`)
    const { page } = await openApp(ada)
    await list(page).getByRole('link', { name: 'Group 70' }).focus()
    await expect.poll(() => rows(page).count()).toBeLessThan(50)
    await expect
      .poll(async () => {
        await page.keyboard.press('End')
        return list(page).getByText('Group 1', { exact: true }).count()
      })
      .toBe(1)
  })

  test('somebody new is led to a first conversation, on a phone too', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { viewport: PHONE, colorScheme: 'dark' })
    await page.getByRole('link', { name: /^Find people/ }).waitFor()
    await page.getByRole('button', { name: /^Invite somebody/ }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'rooms-empty-phone')
    await page.getByRole('link', { name: /^Create a group/ }).click()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/new')
  })
})
