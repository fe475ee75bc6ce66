import { readFile } from 'node:fs/promises'
import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('the settings', () => {
  const openApp = openBrowser(() => server)
  const sections = (page: Page) => page.getByRole('navigation', { name: 'Sections' })
  const section = (page: Page, name: string) => sections(page).getByRole('link', { name, exact: true }).click()

  test('who one is, and what others may see, is kept on the server and seen by other devices', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { path: '/settings/profile' })
    await page.getByLabel('First name').fill('Ada')
    await page.getByLabel('About you').fill('I write notes.')
    await page.getByLabel('Email address').fill('not an address')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await page.getByLabel('Email address').evaluate((field) => field.matches(':invalid'))).toBe(true)
    await page.getByLabel('Email address').fill(`${ada.username}@example.com`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Saved' }).waitFor()

    await section(page, 'Privacy')
    await page.getByRole('combobox', { name: 'Who may add you to groups' }).click()
    await page.getByRole('option', { name: 'Friends' }).click()
    await page.getByRole('switch', { name: 'Send read receipts' }).click()
    await expect
      .poll(async () => (await ada.get('/api/profile/')).body)
      .toMatchObject({ first_name: 'Ada', allow_group_adds: 'friends', send_read_receipts: false })
    await expectAccessible(page)
    await page.reload()
    await page.getByRole('switch', { name: 'Send read receipts', checked: false }).waitFor()
  })

  test('what one says of oneself goes the way of its language, whichever that of the app goes', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { path: '/settings/profile', locale: 'ar-EG' })
    const about = page.getByRole('textbox', { name: 'نبذة عنك' })
    const direction = () => about.evaluate((field) => getComputedStyle(field).direction)
    await about.fill('I write notes.')
    expect(await direction()).toBe('ltr')
    await about.fill('')
    expect(await direction()).toBe('rtl')
  })

  test('a picture is cropped, shown, and taken away again', async () => {
    const ada = await server.person('ada')
    const { page, context } = await openApp(ada, { path: '/settings/profile' })
    const icon = new URL('../../packages/web/public/icons/icon-512.png', import.meta.url)
    const unreadable = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('no image') }
    await page.locator('input[type=file]').setInputFiles(unreadable)
    await page.getByText('This is not an image that can be read.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Change your picture' }).click()
    await (await choosing).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: await readFile(icon) })
    await page.getByRole('button', { name: 'Use this picture' }).click()
    await expect.poll(async () => (await ada.get('/api/profile/')).body.profile_pic).toMatch(/^http/)
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    // Until it is loaded there are initials in its place.
    const { promise, resolve } = Promise.withResolvers<void>()
    await context.route('**/media/**', (route) => promise.then(() => route.continue()))
    await page.reload()
    const picture = page.getByRole('link', { name: 'Your profile' })
    await picture.locator('img').waitFor()
    await picture.locator('[data-hue]').waitFor()
    resolve()
    await picture.locator('[data-hue]').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Change your picture' }).click()
    await page.getByRole('menuitem', { name: 'Remove the picture' }).click()
    await expect.poll(async () => (await ada.get('/api/profile/')).body.profile_pic).toBeNull()
  })

  test('a new password needs the old one; other devices can be logged out, one or all', async () => {
    const ada = await server.person('ada')
    const logIn = () => ada.post('/api/login/', { identifier: ada.username, password: PASSWORD })
    await Promise.all([logIn(), logIn()])
    const { page } = await openApp(ada, { path: '/settings/security' })
    const devices = page.getByRole('listitem').filter({ hasText: '127.0.0.1' })
    await expect.poll(() => devices.count()).toBe(3)
    await devices.nth(1).getByRole('button').click()
    await expect.poll(() => devices.count()).toBe(2)
    await page.getByRole('button', { name: 'Log out all others' }).click()
    await expectAccessible(page)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Log out all others' }).click()
    await expect.poll(() => devices.count()).toBe(1)

    await page.getByLabel('Current password').fill('not the password')
    await page.getByLabel('New password').fill('thirteen tame geese')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Old password is incorrect.').waitFor()
    await page.getByLabel('Current password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('dialog', { name: 'Your password is changed' }).waitFor()
    const again = await ada.post('/api/login/', { identifier: ada.username, password: 'thirteen tame geese' })
    expect(again.status).toBe(200)
  })

  test('the keyboard goes on at the next device when one is logged out, and at the next chat when one is heard of again', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const logIn = () => ada.post('/api/login/', { identifier: ada.username, password: PASSWORD })
    await Promise.all([logIn(), logIn()])
    const rooms = await Promise.all(['Tea party', 'Book club'].map((name) => server.group(ada, [bob], name)))
    for (const { id } of rooms) await ada.put(`/api/chatrooms/${id}/mute/`, {})
    const { page } = await openApp(ada, { path: '/settings/security' })
    const focused = page.locator(':focus')
    const logOut = page.getByRole('listitem').getByRole('button')
    await logOut.nth(1).waitFor()
    await logOut.first().press('Enter')
    await logOut.and(focused).press('Enter')
    await page.getByRole('button', { name: 'Show password' }).and(focused).waitFor()

    await section(page, 'Notifications')
    await page.getByRole('button', { name: 'Unmute Book club' }).press('Enter')
    await page.getByRole('link', { name: 'Tea party' }).and(focused).waitFor()
    await page.getByRole('button', { name: 'Pause notifications' }).press('Enter')
    await page.getByRole('menuitem', { name: 'For 4 hours' }).press('Enter')
    await expect.poll(() => page.getByRole('button', { name: 'Resume' }).and(focused).count()).toBe(1)
  })

  test('a muted room is listed, and heard of again at a press', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Tea party')
    await ada.put(`/api/chatrooms/${id}/mute/`, {})
    const { page } = await openApp(ada, { path: '/settings/notifications' })
    const unmute = page.getByRole('button', { name: 'Unmute Tea party' })
    await unmute.waitFor()
    await expectAccessible(page)
    await unmute.click()
    await page.getByText('No chat is muted.').waitFor()
    await page.getByRole('button', { name: 'Pause notifications' }).click()
    await page.getByRole('menuitem', { name: 'For 4 hours' }).click()
    await page.getByText('Paused until').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause notifications' }).waitFor()
  })

  test('one takes a copy of what is kept, and leaves for good by name and password', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { path: '/settings/account' })
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    const copy = JSON.parse(await readFile(await (await saving).path(), 'utf8'))
    expect(copy.profile.username).toBe(ada.username)

    await page.getByRole('button', { name: 'Delete account' }).click()
    const dialog = page.getByRole('dialog')
    const confirm = dialog.getByRole('button', { name: 'Delete for good' })
    await dialog.getByLabel('Your password').fill('not the password')
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByLabel(`Type ${ada.username} to confirm`).fill(ada.username)
    await confirm.click()
    await expect.poll(() => dialog.getByLabel('Your password').getAttribute('aria-invalid')).toBe('true')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Keep my account' }).click()
    await page.getByRole('button', { name: 'Delete account' }).click()
    expect(await dialog.getByLabel('Your password').inputValue()).toBe('')
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByLabel(`Type ${ada.username} to confirm`).fill(ada.username)
    await dialog.getByLabel('Your password').fill(PASSWORD)
    await confirm.click()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    const again = await ada.post('/api/login/', { identifier: ada.username, password: PASSWORD })
    expect(again.status).toBe(400)
  })

  test('a key shows all keys, on every view but while one writes', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { path: '/settings/appearance' })
    await page.getByRole('radio', { name: 'Large' }).click()
    expect(await page.evaluate(() => document.documentElement.dataset.text)).toBe('large')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await section(page, 'Profile')
    await page.getByLabel('About you').fill('')
    await page.keyboard.type('?')
    expect(await page.getByLabel('About you').inputValue()).toBe('?')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test.each(['light', 'dark'] as const)(
    'every section is accessible on a phone in the %s theme',
    async (colorScheme) => {
      const ada = await server.person('ada')
      const { page } = await openApp(ada, { path: '/settings', colorScheme, viewport: PHONE })
      await sections(page).getByRole('link', { name: 'Profile', exact: true }).waitFor()
      const names = await sections(page).getByRole('link').allTextContents()
      expect(names.length).toBeGreaterThan(8)
      for (const name of names) {
        await section(page, name)
        await page.getByRole('heading', { name, level: 1 }).waitFor()
        await expectAccessible(page)
        await screenshot(page, `settings-${name.toLowerCase().replaceAll(' ', '-')}-phone-${colorScheme}`)
        await page.getByRole('link', { name: 'Back to all settings' }).click()
      }
    },
  )
})
