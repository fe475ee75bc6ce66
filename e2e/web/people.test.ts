import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('people', () => {
  const openApp = openBrowser(() => server)

  test('friends that could not be fetched at first are there without a reload', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    await server.befriend(ada, bob)
    const { page, context } = await openApp(undefined, { path: '/login' })
    let refusals = 0
    await context.route('**/api/friends/**', (route) => {
      refusals += 1
      return refusals <= 4 ? route.fulfill({ status: 503, body: '{"detail":"later"}' }) : route.continue()
    })
    await page.evaluate((tokens) => localStorage.setItem('confab.tokens', JSON.stringify(tokens)), {
      access: ada.token,
      refresh: ada.refresh,
    })
    await page.goto(`${server.url}/people`)

    const friend = page.getByRole('link', { name: bob.username })
    await expect.poll(() => friend.isVisible(), { timeout: 15_000 }).toBe(true)
  })

  test('two people find each other, become friends and stop being so, each seeing it without a reload', {
    timeout: 60_000,
  }, async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { page } = await openApp(ada, { path: '/people' })
    const { page: bobs } = await openApp(bob, { path: '/people?tab=requests', viewport: PHONE })
    await bobs.getByText('No requests').waitFor()

    await page.getByRole('searchbox', { name: 'Search people' }).fill(bob.username)
    await page.getByRole('button', { name: `Add ${bob.username} as a friend` }).click()
    await page.getByRole('button', { name: `Cancel the request to ${bob.username}` }).waitFor()
    await expectAccessible(page)

    await bobs.getByRole('button', { name: `Reject the request of ${ada.username}` }).click()
    await bobs.getByText('No requests').waitFor()
    await bobs.getByRole('button', { name: 'Undo' }).click()
    const accept = bobs.getByRole('button', { name: `Accept the request of ${ada.username}` })
    await accept.waitFor()
    await expectAccessible(bobs)
    await accept.click()
    await bobs.getByRole('tab', { name: /Friends/ }).click()
    await bobs.getByRole('link', { name: ada.username }).waitFor()
    await bobs.getByRole('button', { name: `Write to ${ada.username}` }).waitFor()

    await page.getByRole('button', { name: `Cancel the request to ${bob.username}` }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: bob.username }).click()
    await page.getByText('You are friends').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'person')
    await page.getByRole('button', { name: `More about ${bob.username}` }).click()
    await page.getByRole('menuitem', { name: 'Block' }).click()
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByText('You have blocked this person').waitFor()
    await bobs.getByText('No friends yet').waitFor()

    await page.getByRole('link', { name: 'Back to all people' }).click()
    await page.getByRole('tab', { name: 'Blocked' }).click()
    await page.getByRole('button', { name: `Unblock ${bob.username}` }).click()
    await page.getByText('You have blocked nobody').waitFor()
    await expect.poll(async () => (await ada.get('/api/blocks/')).body).toEqual([])
  })

  test('the keyboard goes on where what had it goes: at what one can do next, and at the next person', async () => {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    await server.befriend(ada, bob)
    await server.befriend(ada, cleo)
    const stranger = await server.person('stranger')
    const { page } = await openApp(ada, { path: '/people' })
    const focused = page.locator(':focus')
    await page.getByRole('button', { name: `More about ${bob.username}` }).press('Enter')
    await page.getByRole('menuitem', { name: 'Block' }).press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).press('Enter')
    await page.getByRole('link', { name: cleo.username }).and(focused).waitFor()

    await page.getByRole('searchbox', { name: 'Search people' }).fill(stranger.username)
    await page.getByRole('button', { name: `Add ${stranger.username} as a friend` }).press('Enter')
    await page
      .getByRole('button', { name: `Cancel the request to ${stranger.username}` })
      .and(focused)
      .waitFor()

    await page.goto(`${server.url}/people/${bob.id}`)
    await page.getByRole('button', { name: 'Unblock' }).press('Enter')
    await expect.poll(() => page.getByRole('button', { name: 'Write a message' }).and(focused).count()).toBe(1)
  })

  test('whoever deleted their account is called so wherever what they said is seen', { timeout: 60_000 }, async () => {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const { id } = await server.group(ada, [bob, cleo], 'Tea party')
    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'Farewell, my kettle' })
    await expect.poll(async () => (await ada.get('/api/notifications/unread/')).body.length).toBeGreaterThan(0)
    await bob.delete('/api/profile/', { current_password: PASSWORD })
    const { page } = await openApp(ada, { path: `/rooms/${id}` })
    const names = () => page.getByText(/deleted:\d|Deleted user/).allInnerTexts()
    await page.getByRole('article').filter({ hasText: 'Farewell' }).getByText('Deleted user').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('kettle')
    await page.getByRole('option').getByText('Deleted user').waitFor()
    expect((await names()).filter((name) => name.includes('deleted:'))).toEqual([])
    await page.keyboard.press('Escape')

    await page.goto(`${server.url}/notifications`)
    await page.getByText('Deleted user: Farewell, my kettle').waitFor()
    expect((await names()).filter((name) => name.includes('deleted:'))).toEqual([])
  })

  test('what the server refuses is taken back on the screen, and said', { timeout: 60_000 }, async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { page, context } = await openApp(ada, { path: `/people/${bob.id}` })
    await context.route('**/api/friend-requests/', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    )
    await page.getByRole('button', { name: 'Add as a friend' }).click()
    await page.getByText('The server cannot be reached').first().waitFor()
    await page.getByRole('button', { name: 'Add as a friend' }).waitFor()

    await page.getByRole('button', { name: 'Write a message' }).click()
    await page.waitForURL(/\/rooms\/\d+$/)
    const roomId = page.url().split('/').at(-1)
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'Hello' })
    await page.goto(`${page.url()}?panel=info`)
    await page.getByRole('feed').getByText('Hello').waitFor()
    await page.getByRole('complementary').getByText(`@${bob.username}`).waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'New group with this person' }).click()
    await page.getByRole('button', { name: `Take ${bob.username} out` }).waitFor()
  })
})
