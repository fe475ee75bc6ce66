import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { DESKTOP, openBrowser, PHONE, TABLET } from './app.ts'
import { expectAccessible, screenshot, untilShown } from './look.ts'

const server = await startTestServer()

describe.skipIf(!chromiumPath)('the looks', () => {
  const openApp = openBrowser(() => server)

  /** Somebody with a conversation, a friend and something new. */
  async function inhabitant() {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const { roomId } = await server.befriend(ada, bob)
    const group = await server.group(ada, [bob, cleo], 'Tea party')
    await ada.post(`/api/chatrooms/${roomId}/messages/`, { content: 'Shall we meet at four?' })
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'With pleasure. I bring the scones.' })
    await cleo.post(`/api/chatrooms/${group.id}/messages/`, { content: 'Who has the kettle?' })
    return { ada, bob, roomId }
  }

  const themes = ['light', 'dark'] as const
  const sizes = { desktop: DESKTOP, tablet: TABLET, phone: PHONE }

  test.each(themes)(
    'the login, the signup and what leads nowhere are accessible in the %s theme',
    async (colorScheme) => {
      const { page } = await openApp(undefined, { colorScheme, path: '/login' })
      await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
      await expectAccessible(page)
      await screenshot(page, `login-${colorScheme}`)
      await page.goto(`${server.url}/signup`)
      await page.getByRole('heading', { name: 'Open an account' }).waitFor()
      await expectAccessible(page)
      await page.goto(`${server.url}/nowhere/at/all`)
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
      await expectAccessible(page)
    },
  )

  const views = [
    ['chats', () => '/'],
    ['conversation', (room: number) => `/rooms/${room}`],
    ['room-info', (room: number) => `/rooms/${room}?panel=info`],
    ['room-search', (room: number) => `/rooms/${room}?panel=search`],
    ['new', () => '/new'],
    ['people', () => '/people'],
    ['notifications', () => '/notifications'],
    ['settings', () => '/settings/appearance'],
  ] as const

  type Look = readonly [(typeof themes)[number], readonly (keyof typeof sizes)[]]
  const all = themes.flatMap((theme) => (['desktop', 'tablet', 'phone'] as const).map((size): Look => [theme, [size]]))
  // Each theme and each size, where a view that is open follows its window; all of them together take minutes.
  const some: Look[] = [
    ['light', ['desktop', 'tablet']],
    ['dark', ['phone']],
  ]

  test.each(process.env.BROWSER_TESTS === 'all' ? all : some)(
    'every view is accessible in the %s theme on a %s',
    async (colorScheme, shown) => {
      const { ada, roomId } = await inhabitant()
      const { page } = await openApp(ada, { colorScheme })
      for (const [name, path] of views) {
        for (const [place, size] of shown.entries()) {
          await page.setViewportSize(sizes[size])
          if (place === 0) await page.goto(server.url + path(roomId))
          await untilShown(page)
          await expectAccessible(page)
          await screenshot(page, `${name}-${size}-${colorScheme}`)
        }
      }
    },
    120_000,
  )

  test('the theme that was chosen holds before anything is drawn, and in other tabs at once', async () => {
    const ada = await server.person('ada')
    const { page, context } = await openApp(ada, { path: '/settings/appearance', colorScheme: 'light' })
    const other = await context.newPage()
    await other.goto(`${server.url}/settings/appearance`)
    await other.getByRole('radio', { name: 'Dark' }).waitFor()
    const background = () => other.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const light = await background()

    await page.getByRole('radio', { name: 'Dark' }).click()
    await expect.poll(background).not.toBe(light)
    await page.route('**/assets/*.js', (route) => route.abort())
    await page.reload()
    await page.getByRole('heading', { name: 'Confab could not be loaded' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await expectAccessible(page)
    await screenshot(page, 'not-loaded')

    await page.unroute('**/assets/*.js')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('radio', { name: 'Dark' }).waitFor()
  })

  test.each(['js', 'css'])('what did not arrive the first time (*.%s) is there without a press', async (ending) => {
    let count = 0
    const { page } = await openApp(undefined, { path: '/api/schema/swagger-ui/' })
    await page.route(`**/assets/index-*.${ending}`, (route) => {
      count += 1
      return count === 1 ? route.abort() : route.continue()
    })
    await page.goto(`${server.url}/login`)
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await expect.poll(() => count).toBe(2)
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    const spacing = () => getComputedStyle(document.documentElement).getPropertyValue('--spacing')
    expect(await page.evaluate(spacing)).not.toBe('')
    await expectAccessible(page)
  })

  test('a part of the app that did not arrive is asked for again, by itself and then when one wants it', async () => {
    const ada = await server.person('ada')
    const { page } = await openApp(ada, { missesParts: true })
    await page.getByRole('link', { name: 'People' }).first().waitFor()
    let loads = 0
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads += 1
    })
    await page.route('**/assets/PeoplePage-*.js', (route) => route.abort())
    await page.goto(`${server.url}/people`)
    const retry = page.getByRole('button', { name: 'Try again' })
    await retry.waitFor()
    expect(loads).toBe(2)
    await expectAccessible(page)
    await page.unroute('**/assets/PeoplePage-*.js')
    await retry.click()
    await page.getByRole('heading', { name: 'People' }).first().waitFor()
  })

  test('the language of the device is the language of the app, right to left where it is written so', async () => {
    const { ada, roomId } = await inhabitant()
    const { page } = await openApp(ada, { locale: 'ar-EG', path: `/rooms/${roomId}` })
    await page.getByText('With pleasure').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ar')
    await expectAccessible(page)
    await screenshot(page, 'conversation-arabic')

    await page.goto(`${server.url}/settings/language`)
    await page.getByRole('combobox').click()
    await page.getByRole('option', { name: 'Deutsch' }).click()
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('ltr')
  })
})
