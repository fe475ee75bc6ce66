import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onLoopback } from '../../chaos/stack/address.ts'
import { Wire } from '../../chaos/stack/wire.ts'
import { openBrowser } from './app.ts'
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

  test('the keyboard goes on near the hint when one does not want it', async () => {
    const { page, context } = await openApp(await server.person('ada'))
    await context.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'default' }))
    await page.goto(`${server.url}/notifications`)
    await page.getByRole('button', { name: 'Not now' }).press('Enter')
    await page.getByRole('button', { name: 'Not now' }).waitFor({ state: 'detached' })
    await expect.poll(() => page.locator(':focus').count()).toBe(1)
  })

  test('what staff tell everyone is read whole, by those who are here and those who come later', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    await server.database.pool.query('UPDATE users SET is_staff = true WHERE id = $1', [ada.id])
    const { page: bobs } = await openApp(bob, { path: '/notifications' })
    await bobs.getByText('Nothing new').waitFor()
    const { page } = await openApp(ada, { path: '/settings/announcements' })
    const words = `The server rests at noon.\n${'Please send what you have to send before that. '.repeat(15).trim()}`
    await page.getByRole('textbox', { name: 'What you have to say' }).fill(words)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Send to everyone' }).press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Send to everyone' }).press('Enter')
    await page.getByRole('dialog', { name: 'Everyone is told' }).waitFor()
    expect(await page.getByRole('textbox').inputValue()).toBe('')

    const notice = bobs.getByRole('listitem').filter({ hasText: 'Notice' })
    await expect.poll(async () => (await notice.textContent())?.includes(words)).toBe(true)
    await expectAccessible(bobs)
    await screenshot(bobs, 'notifications-notice')
    await bobs.reload()
    await expect.poll(async () => (await notice.textContent())?.includes(words)).toBe(true)
    await notice.getByRole('link').press('Enter')
    await notice.getByText('not read').waitFor({ state: 'detached' })
    await notice.getByRole('button', { name: 'What to do with Notice' }).press('Enter')
    await bobs.getByRole('menuitem', { name: 'Mark as unread' }).press('Enter')
    await notice.getByText('not read').waitFor()
    await expect.poll(async () => (await bob.get('/api/notifications/unread/')).body.length).toBe(1)

    await bobs.goto(`${server.url}/settings`)
    await bobs.getByRole('link', { name: 'About', exact: true }).waitFor()
    expect(await bobs.getByRole('link', { name: 'Announcements' }).count()).toBe(0)
  })

  test('who invites one, who asks, and who has said yes, is told in one’s own language', async () => {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    await server.group(bob, [ada], 'Teerunde')
    await server.befriend(ada, bob)
    await cleo.post('/api/friend-requests/', { to_user: ada.id })
    const { page } = await openApp(ada, { path: '/notifications', locale: 'de-DE' })
    await page.getByText(`${bob.username} hat dich hinzugefügt`).waitFor()
    await page.getByText('Hat deine Freundschaftsanfrage angenommen').waitFor()
    const asked = page
      .getByRole('listitem')
      .filter({ hasText: cleo.username })
      .getByText('Möchte mit dir befreundet sein')
    await expect.poll(() => asked.count()).toBe(1)
  })
})

describe.skipIf(!chromiumPath)('the desktop', () => {
  /** Between the browser and the server. */
  let wire: Wire
  beforeAll(async () => {
    wire = await Wire.open(onLoopback(Number(new URL(server.url).port)))
  })
  afterAll(() => wire?.close())
  const openApp = openBrowser(() => ({ url: `http://127.0.0.1:${wire.address.port}` }), chromiumPath)

  /** What the desktop is told is looked at where the page tells it; a tab that is not seen says so. */
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

  /** Has the desktop told of what is new from now on. */
  async function wantNotes(page: Page, context: BrowserContext): Promise<void> {
    await context.grantPermissions(['notifications'])
    await context.addInitScript(spy)
    await page.evaluate(() =>
      localStorage.setItem('confab.preferences', JSON.stringify({ desktopNotifications: true })),
    )
    await page.reload()
  }

  const titlesOn = async (pages: readonly Page[]) =>
    (await Promise.all(pages.map((one) => one.evaluate("told.map(({ title, body }) => title + ': ' + body)")))).flat()

  test('is told while nobody looks, by one tab of several, and a press opens the place', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Tea party')
    const { page, context } = await openApp(ada, { path: '/notifications' })
    await wantNotes(page, context)
    const other = await context.newPage()
    await other.goto(new URL('/people', page.url()).href)
    await other.getByRole('heading', { name: 'People' }).waitFor()
    const pages = [page, other]

    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'seen anyway' })
    await page.getByText('seen anyway').waitFor()
    expect(await titlesOn(pages)).toEqual([])
    for (const one of pages) await one.evaluate('hide()')
    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'while away' })
    await expect.poll(() => titlesOn(pages)).toEqual([`Tea party: ${bob.username}: while away`])

    for (const one of pages) await one.evaluate('told[0]?.onclick(new Event("click"))')
    const teller = async () => pages.map((one) => new URL(one.url()).pathname).includes(`/rooms/${id}`)
    await expect.poll(teller).toBe(true)
  })

  test('is told once of what came while there was no connection, and of nothing that was long ago', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Tea party')
    const { id: other } = await server.group(ada, [bob], 'Book club')
    const { page, context } = await openApp(ada, { path: '/notifications' })
    await wantNotes(page, context)
    await page.getByRole('button', { name: 'Mark all as read' }).waitFor()
    await bob.post(`/api/chatrooms/${other}/messages/`, { content: 'seen anyway' })
    await page.getByText('seen anyway').waitFor()
    await page.evaluate('hide()')
    await context.setOffline(true)
    wire.cut()
    await page.getByText('No connection.').waitFor()

    await bob.post(`/api/chatrooms/${other}/messages/`, { content: 'long ago' })
    const newest = async () => (await ada.get('/api/notifications/')).body[0]
    await expect.poll(newest).toMatchObject({ message: 'long ago' })
    await server.database.pool.query(
      `UPDATE notifications SET created_at = now() - interval '1 hour' WHERE user_id = $1 AND id = $2`,
      [ada.id, (await newest()).id],
    )
    for (const content of ['first', 'second']) await bob.post(`/api/chatrooms/${id}/messages/`, { content })
    await expect.poll(newest).toMatchObject({ message: 'second' })
    await context.setOffline(false)

    await expect.poll(() => titlesOn([page]), { timeout: 30_000 }).toEqual([`Tea party: ${bob.username}: second`])
    for (const words of ['long ago', 'first', 'second']) await page.getByText(words).waitFor()
  })
})
