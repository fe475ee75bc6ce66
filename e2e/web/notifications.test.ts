import { startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { chromiumPath } from './chromium.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('notifications', () => {
  const openApp = openBrowser(() => server)

  test('what happened is listed as it happens, leads to its place, and is read or deleted by keyboard', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Tea party')
    const { page } = await openApp(ada, { path: '/notifications' })
    await page.getByRole('button', { name: 'Mark all as read' }).waitFor()
    for (const content of ['first words', `look here @${ada.username}`, 'last words']) {
      await bob.post(`/api/chatrooms/${id}/messages/`, { content })
    }
    const rows = page.getByRole('region', { name: 'Today' }).getByRole('listitem')
    await expect.poll(() => rows.count()).toBe(3)
    await page.getByRole('link', { name: '3 new notifications' }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'notifications-list')

    await rows.first().getByRole('button').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByRole('button', { name: 'Mark all as read' }).click()
    await expect.poll(() => page.getByText('not read').count()).toBe(0)
    await expect.poll(async () => (await ada.get('/api/notifications/unread/')).body.length).toBe(0)

    await rows.filter({ hasText: 'look here' }).getByRole('link').click()
    await page.getByRole('feed').getByText('look here').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/rooms/${id}`)
  })

  test('the desktop is told while nobody looks, by one tab of several, and a press opens the place', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Tea party')
    const { page, context } = await openApp(ada, { path: '/notifications' })
    await context.grantPermissions(['notifications'])
    // What the desktop is told is looked at where the page tells it; a tab that is not seen says so.
    const spy = () => {
      const told: Notification[] = []
      Object.assign(globalThis, { told })
      globalThis.Notification = new Proxy(Notification, {
        construct: (target, [title, options]) => {
          const note = new target(title, options)
          told.push(note)
          return note
        },
      })
      let isHidden = false
      Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') })
      Object.assign(globalThis, {
        hide: () => {
          isHidden = true
          document.dispatchEvent(new Event('visibilitychange'))
        },
      })
    }
    await context.addInitScript(spy)
    await page.evaluate(() =>
      localStorage.setItem('confab.preferences', JSON.stringify({ desktopNotifications: true })),
    )
    await page.reload()
    const other = await context.newPage()
    await other.goto(`${server.url}/people`)
    await other.getByRole('heading', { name: 'People' }).waitFor()
    const pages = [page, other]
    const titles = async () =>
      (await Promise.all(pages.map((one) => one.evaluate("told.map(({ title, body }) => title + ': ' + body)")))).flat()

    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'seen anyway' })
    await page.getByText('seen anyway').waitFor()
    expect(await titles()).toEqual([])
    for (const one of pages) await one.evaluate('hide()')
    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'while away' })
    await expect.poll(titles).toEqual([`Tea party: ${bob.username}: while away`])

    for (const one of pages) await one.evaluate('told[0]?.onclick(new Event("click"))')
    const teller = async () => pages.map((one) => new URL(one.url()).pathname).includes(`/rooms/${id}`)
    await expect.poll(teller).toBe(true)
  })
})
