import { startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { chromiumPath } from './chromium.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('notifications', () => {
  const openApp = openBrowser(() => server)

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
      (await Promise.all(pages.map((one) => one.evaluate('told.map(({ title, body }) => `${title}: ${body}`)')))).flat()

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
