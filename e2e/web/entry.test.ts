import { randomUUID } from 'node:crypto'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { chromiumPath } from './chromium.ts'

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
})
