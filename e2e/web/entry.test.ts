import { randomUUID } from 'node:crypto'
import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('getting in', () => {
  const openApp = openBrowser(() => server)

  test('somebody signs up, logs out and logs in again', async () => {
    const username = `ada_${randomUUID().slice(0, 8)}`
    const { page } = await openApp(undefined)
    await page.getByRole('link', { name: 'Sign up' }).click()
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('heading', { name: `Hello, ${username}` }).waitFor()

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'Account', exact: true }).click()
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    expect(await page.evaluate(() => localStorage.getItem('confab.tokens'))).toBeNull()

    await page.getByLabel('Name or email').fill(username)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Name or password is wrong.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
  })

  test('whoever was on the way somewhere gets there after the login, and never to another site', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(undefined, { path: '/people?from=a-link' })
    const logIn = async () => {
      await page.getByLabel('Name or email').fill(ada.username)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Log in' }).click()
    }
    await logIn()
    await expect.poll(() => page.url()).toBe(`${server.url}/people?from=a-link`)

    await page.evaluate(() => localStorage.clear())
    await page.goto(`${server.url}/login?next=${encodeURIComponent('//example.org/trap')}`)
    await logIn()
    await expect.poll(() => page.url()).toBe(`${server.url}/`)
  })

  test('a session that is ended elsewhere leads to the login, and back to where one was', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { path: '/settings/appearance' })
    await page.getByRole('radio', { name: 'Dark' }).waitFor()
    await ada.post('/api/logout/', { refresh_token: ada.refresh })

    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await page.getByLabel('Name or email').fill(ada.username)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('radio', { name: 'Dark' }).waitFor()
    expect(page.url()).toBe(`${server.url}/settings/appearance`)
  })

  test('a tab that waits at the login is alive once one has logged in in another', async () => {
    const ada = await server.person('ada')
    const { page, context } = await openApp(undefined)
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    const other = await context.newPage()
    await other.goto(server.url)
    await other.getByLabel('Name or email').fill(ada.username)
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await other.getByRole('button', { name: 'Log in' }).click()
    await other.getByRole('heading', { name: `Hello, ${ada.username}` }).waitFor()

    await page.getByRole('link', { name: 'Sign up' }).click()

    const greeting = page.getByRole('heading', { name: `Hello, ${ada.username}` })
    await expect.poll(() => greeting.isVisible(), { timeout: 5_000 }).toBe(true)
  })

  test('what is wrong with a new account is said while it is typed', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(undefined, { path: '/signup' })
    const username = page.getByLabel('Username')
    await username.fill('two words')
    await page.getByText('Only letters, numbers and').waitFor()
    await username.fill(ada.username.toUpperCase())
    await page.getByText('This name is taken.').waitFor()
    await page.getByLabel('Email').fill('nowhere')
    const password = page.getByLabel('Password', { exact: true })
    await password.fill('password1')
    await page.getByText('This does not look like an email address.').waitFor()
    await page.getByText('Too easy to guess', { exact: true }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'signup-wrong')
    await page.getByRole('button', { name: 'Sign up' }).click()
    expect(await username.evaluate((field) => field === document.activeElement)).toBe(true)

    await username.fill(`${ada.username}_2`)
    await page.getByText(`${ada.username}_2 is free.`).waitFor()
    await page.getByLabel('Email').fill(ada.email)
    await password.fill(PASSWORD)
    await page.getByText('Strong', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByText('This email address is in use already.').waitFor()
    await page.getByLabel('Email').fill('')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('heading', { name: `Hello, ${ada.username}_2` }).waitFor()
  })

  test('an invitation shows the group, and leads there through a new account', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const group = await server.group(ada, [bob], 'Tea party')
    const { body: link } = await ada.get(`/api/chatrooms/${group.id}/shareable_link/`)
    const { page } = await openApp(undefined, { path: `/join/${link.room_id}`, colorScheme: 'dark' })
    await page.getByRole('heading', { name: 'Tea party' }).waitFor()
    await page.getByText('2 members').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'join')
    await page.getByRole('link', { name: 'Sign up' }).click()
    await page.getByLabel('Username').fill(`eve_${randomUUID().slice(0, 8)}`)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('button', { name: 'Join the group' }).click()
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${group.id}`)

    await ada.delete(`/api/chatrooms/${group.id}/shareable_link/`)
    await page.goto(`${server.url}/join/${link.room_id}`)
    await page.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor()
  })

  test('a session that ends while something is written loses nothing of it', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await page.getByRole('textbox', { name: 'Message' }).fill('What I wanted to say')
    await ada.post('/api/logout/', { refresh_token: ada.refresh })
    await page.getByText('what you were writing is kept').waitFor()
    await page.getByLabel('Name or email').fill(ada.email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect.poll(() => page.url()).toBe(`${server.url}/rooms/${roomId}`)
    await expect.poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('What I wanted to say')
  })

  test('a login that is not to stay ends with its tab', async () => {
    const ada = await server.person('ada')
    const { page, context } = await openApp(undefined, { path: '/login' })
    await page.getByLabel('Name or email').fill(ada.username)
    await page.getByRole('checkbox', { name: 'Stay signed in on this device' }).click()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    await page.reload()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()

    const other = await context.newPage()
    await other.goto(server.url)
    await other.getByRole('heading', { name: 'Welcome back' }).waitFor()
    expect(await page.evaluate(() => localStorage.getItem('confab.tokens'))).toBeNull()
  })
})

describe.skipIf(!chromiumPath)('getting in where guessing is bounded', async () => {
  const strict = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
  const openApp = openBrowser(() => strict)

  test('whoever guesses a password is told how long to wait', async () => {
    const ada = await strict.person('ada')
    for (let guess = 1; guess <= 4; guess++) {
      await strict.anonymous.post('/api/login/', { identifier: ada.username, password: `guess number ${guess}` })
    }
    const { page } = await openApp(undefined, { path: '/login' })
    await page.getByLabel('Name or email').fill(ada.username)
    const guess = async () => {
      await page.getByLabel('Password', { exact: true }).fill('one more guess')
      const answer = page.waitForResponse(/api\/login/)
      await page.getByRole('button', { name: 'Log in' }).click()
      return (await answer).status()
    }
    // Each wait is twice as long as the one before: at last it is longer than a guess takes.
    await expect.poll(guess, { timeout: 20_000 }).toBe(429)
    await page.getByText(/That was a bit fast. Try again in/).waitFor()
    expect(await page.getByRole('button', { name: 'Log in' }).isDisabled()).toBe(true)
    await expect.poll(() => page.getByRole('button', { name: 'Log in' }).isEnabled(), { timeout: 20_000 }).toBe(true)
  })
})
