import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import type { Route } from 'playwright-core'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

/** A picture as a camera would make it, wider than high. */
async function photo() {
  const buffer = await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#d97742' } })
    .png()
    .toBuffer()
  return { name: 'photo.png', mimeType: 'image/png', buffer }
}

describe.skipIf(!chromiumPath)('groups', () => {
  const openApp = openBrowser(() => server)

  test('somebody makes a group with a picture, and changes it in its panel while another watches', {
    timeout: 60_000,
  }, async () => {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    await server.befriend(ada, bob)
    const { page } = await openApp(ada, { path: '/new' })
    await page.getByRole('checkbox', { name: bob.username }).click()
    await page.getByRole('searchbox', { name: 'Search people' }).fill(cleo.username)
    await page.getByRole('checkbox', { name: cleo.username }).waitFor()
    await page.getByRole('searchbox', { name: 'Search people' }).press('Enter')
    await page.getByRole('button', { name: `Take ${cleo.username} out` }).waitFor()
    await page.getByLabel('Name of the group').fill('Tea party')
    await page.locator('input[type=file]').setInputFiles(await photo())
    await page.getByRole('group', { name: /arrow keys/ }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await page.getByRole('group', { name: /arrow keys/ }).press('ArrowLeft')
    await page.getByRole('button', { name: 'Use this picture' }).click()
    await page.getByRole('button', { name: 'Create a group with 2 people' }).click()
    await page.waitForURL(/\/rooms\/\d+$/)
    const roomId = Number(page.url().split('/').at(-1))
    const { body: room } = await ada.get(`/api/chatrooms/${roomId}/`)
    expect(room).toMatchObject({ chat_name: 'Tea party', member_count: 3 })
    const picture = await sharp(Buffer.from(await (await fetch(room.group_image)).arrayBuffer())).metadata()
    expect(picture.width).toBe(picture.height)

    const { page: bobs } = await openApp(bob, { path: `/rooms/${roomId}?panel=info` })
    await page.goto(`${server.url}/rooms/${roomId}?panel=info`)
    await bobs.getByText('3 members · since').waitFor()
    expect(await bobs.getByRole('button', { name: 'Rename the group' }).count()).toBe(0)

    await page.getByRole('button', { name: 'Rename the group' }).click()
    await page.getByRole('textbox', { name: 'Name of the group' }).fill('Coffee at four')
    await page.keyboard.press('Enter')
    await bobs.getByRole('complementary').getByText('Coffee at four').first().waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Rename the group')

    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'I bring the beans' })
    await page.getByRole('feed').getByText('I bring the beans').waitFor()
    await page.getByRole('heading', { name: 'About this group' }).click()
    await page.getByRole('textbox', { name: 'Invitation link' }).waitFor()
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
    await expectAccessible(page)
    await page.getByRole('button', { name: 'QR code' }).click()
    await page.getByRole('img', { name: 'Scan to join' }).waitFor()
    await page.keyboard.press('Escape')

    const about = async (who: { username: string }, what: string) => {
      await page.getByRole('button', { name: `More about ${who.username}` }).click()
      await page.getByRole('menuitem', { name: what }).click()
    }
    const adminsOf = async () =>
      (await ada.get(`/api/chatrooms/${roomId}/`)).body.admins.map(({ id }: { id: number }) => id)
    expect(await page.getByRole('button', { name: `More about ${ada.username}` }).count()).toBe(0)
    await about(bob, 'Make admin')
    await page.getByRole('button', { name: 'Make admin' }).click()
    await bobs.getByRole('button', { name: 'Rename the group' }).waitFor()
    await about(bob, 'Remove as admin')
    await page.getByRole('alertdialog', { name: `Remove ${bob.username} as an admin?` }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'group-remove-admin')
    await page.getByRole('button', { name: 'Remove as admin' }).click()
    await bobs.getByRole('button', { name: 'Rename the group' }).waitFor({ state: 'detached' })
    expect(await adminsOf()).toEqual([ada.id])

    await about(cleo, 'Remove from the group')
    await page.getByRole('button', { name: 'Remove from the group' }).click()
    await bobs.getByText('2 members · since').waitFor()

    await page.getByRole('button', { name: 'Mute' }).click()
    await page.getByRole('menuitem', { name: 'Until I turn it on again' }).click()
    await page.getByText('Notifications are off').waitFor()
    await expect.poll(async () => (await ada.get(`/api/chatrooms/${roomId}/`)).body.muted_until).toMatch(/^9999/)
  })

  test('the only admin of a group hands it over before leaving, with the keyboard alone', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    await bob.patch('/api/profile/', { first_name: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3) })
    const { id } = await server.group(ada, [bob], 'Book club')
    const { page } = await openApp(ada, { path: `/rooms/${id}?panel=info`, viewport: PHONE, colorScheme: 'dark' })
    await page.getByRole('button', { name: 'Leave the group' }).press('Enter')
    await page.getByRole('heading', { name: 'Who takes over?' }).waitFor()
    expect(await page.getByRole('button', { name: 'Hand over and leave' }).isDisabled()).toBe(true)
    await expectAccessible(page)
    // Who has a long name is seen from its beginning on.
    const choice = await page.getByRole('group', { name: 'Who takes over?' }).boundingBox()
    expect(choice?.width).toBeLessThanOrEqual(PHONE.width)
    await page.getByRole('radio', { name: bob.username }).press(' ')
    await page.getByRole('button', { name: 'Hand over and leave' }).press('Enter')
    await page.waitForURL(`${server.url}/`)
    expect((await bob.get(`/api/chatrooms/${id}/`)).body).toMatchObject({ member_count: 1, is_admin: true })
    expect((await ada.get(`/api/chatrooms/${id}/`)).status).toBe(404)
  })

  test('an admin who is not the only one stops being one, and finds nothing more to change', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Book club')
    await ada.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id })
    const { page } = await openApp(ada, { path: `/rooms/${id}?panel=info`, locale: 'de-DE' })
    await page.getByRole('button', { name: `Mehr zu ${ada.username}` }).press('Enter')
    await page.getByRole('menuitem', { name: 'Nicht mehr Admin sein' }).press('Enter')
    await page.getByRole('button', { name: 'Nicht mehr Admin sein' }).press('Enter')
    await page
      .getByRole('button', { name: /^Mehr zu/ })
      .first()
      .waitFor({ state: 'detached' })
    // What had the focus is gone; it stays with the row.
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'))
    await expect.poll(focused).toBe(`/people/${ada.id}`)
    const admins = async () => (await bob.get(`/api/chatrooms/${id}/`)).body.admins
    await expect.poll(admins).toEqual([{ id: bob.id }])
  })

  test('people can still be chosen on a low screen where many are chosen', async () => {
    const [ada] = await server.people('ada', ...Array.from({ length: 9 }, () => 'somebody'))
    const { page } = await openApp(ada, { path: '/new', viewport: { width: 640, height: 400 } })
    const people = page.getByRole('checkbox')
    for (let index = 0; index < 9; index += 1) await people.nth(index).click()
    const chips = page.getByRole('list', { name: 'Chosen people' })
    const [box, newest] = [await chips.boundingBox(), await chips.getByRole('listitem').last().boundingBox()]
    expect((newest?.y ?? 0) + (newest?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0) + 1)
    await page.getByLabel('Name of the group').fill('Tea party')
    await page.getByRole('button', { name: 'Create a group with 9 people' }).click()
    await page.waitForURL(/\/rooms\/\d+$/)
    const { body: room } = await ada.get(`/api/chatrooms/${page.url().split('/').at(-1)}/`)
    expect(room.member_count).toBe(10)
  })

  test('the keyboard goes on where what had it goes: at the next member, and at the link', async () => {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const { id } = await server.group(ada, [bob, cleo], 'Book club')
    const { page } = await openApp(ada, { path: `/rooms/${id}?panel=info` })
    const focused = page.locator(':focus')
    // Where one writes has the focus first, as soon as it is there.
    await page.getByRole('textbox', { name: 'Write a message' }).and(focused).waitFor()
    const confirm = (name: string) => page.getByRole('alertdialog').getByRole('button', { name }).press('Enter')
    await page.getByRole('button', { name: `More about ${bob.username}` }).press('Enter')
    await page.getByRole('menuitem', { name: 'Remove from the group' }).press('Enter')
    await confirm('Remove from the group')
    await page.getByRole('link', { name: cleo.username }).and(focused).waitFor()

    await page.getByRole('button', { name: 'More about the link' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Turn the link off' }).press('Enter')
    await confirm('Turn the link off')
    await page.getByRole('button', { name: 'Make a link' }).and(focused).press('Enter')
    await page.getByRole('button', { name: 'Copy' }).and(focused).waitFor()

    await page.goto(`${server.url}/new`)
    await page.getByRole('searchbox', { name: 'Search people' }).fill(bob.username)
    await page.getByRole('checkbox', { name: bob.username }).click()
    await page.getByRole('button', { name: `Take ${bob.username} out` }).press('Enter')
    await page.getByRole('list', { name: 'Chosen people' }).waitFor({ state: 'detached' })
    await expect.poll(() => focused.count()).toBe(1)
  })

  test('a conversation that comes later than its panel leaves the focus to what has it, and takes it from its row', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob], 'Book club')
    const { page, context } = await openApp(ada, { path: '/settings' })
    const { promise, resolve } = Promise.withResolvers<void>()
    await context.route('**/assets/ConversationPage-*', (route) => promise.then(() => route.continue()))
    await page.goto(`${server.url}/rooms/${id}?panel=info`)
    const [area, focused] = [page.getByRole('textbox', { name: 'Write a message' }), page.locator(':focus')]
    await page.getByRole('button', { name: 'QR code' }).focus()
    expect(await area.count()).toBe(0)
    resolve()
    await area.waitFor()
    await page.getByRole('button', { name: 'QR code' }).and(focused).waitFor()

    await page.goto(`${server.url}/settings`)
    await page.getByRole('navigation').getByRole('link', { name: 'Chats' }).press('Enter')
    await area.and(focused).waitFor()
  })

  test('what stands below the members of a large group is in reach, and the one who takes over is searched', async () => {
    const [ada, ...others] = await server.people('ada', ...Array.from({ length: 19 }, () => 'somebody'))
    const { id } = await server.group(ada, others, 'Book club')
    const { page } = await openApp(ada, { path: `/rooms/${id}?panel=info` })
    const members = page.getByRole('complementary').locator('li a[href^="/people/"]')
    await expect.poll(() => members.count()).toBe(12)
    await page.getByRole('button', { name: 'Show all 20 members' }).press('Enter')
    expect(await members.count()).toBe(20)
    await members.nth(12).and(page.locator(':focus')).waitFor()

    await page.getByRole('button', { name: 'Leave the group' }).click()
    await page
      .getByRole('dialog')
      .getByRole('searchbox', { name: 'Search members' })
      .fill(others[6]?.username ?? '')
    await page.getByRole('radio').check()
    await page.getByRole('button', { name: 'Hand over and leave' }).click()
    await page.waitForURL(`${server.url}/`)
    expect((await ada.get(`/api/chatrooms/${id}/`)).status).toBe(404)
  })

  test('what went wrong is forgotten where one thinks better of it', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    await server.person('cleo')
    const { id } = await server.group(ada, [bob], 'Book club')
    const { page, context } = await openApp(ada, { path: `/rooms/${id}?panel=info` })
    const refuse = (route: Route) => (route.request().method() === 'GET' ? route.continue() : route.abort())
    await context.route(`**/api/chatrooms/${id}/**`, refuse)
    const failure = page.getByText('The server cannot be reached')
    const failAndCancel = async (confirm: RegExp) => {
      await page.getByRole('button', { name: confirm }).last().click()
      await failure.waitFor()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await failure.waitFor({ state: 'detached' })
    }
    await page.getByRole('button', { name: 'Delete the group' }).click()
    await failAndCancel(/^Delete for everyone/)
    await page.getByRole('button', { name: 'Delete the group' }).click()
    await page.getByRole('alertdialog').waitFor()
    expect(await failure.count()).toBe(0)
    await page.getByRole('button', { name: 'Cancel' }).click()

    const add = page.getByRole('button', { name: 'Add', exact: true })
    await add.click()
    await page.getByRole('checkbox').first().click()
    await failAndCancel(/^Add 1 person/)
    await add.click()
    await page.getByRole('checkbox').first().waitFor()
    expect(await failure.count()).toBe(0)
  })

  test('the link of a group is turned off and on, and who is turned away keeps the name as it was', async () => {
    const ada = await server.person('ada')
    const { id } = await server.group(ada, [await server.person('bob')], 'Old name')
    const link = `/api/chatrooms/${id}/shareable_link/`
    await ada.post(`/api/chatrooms/${id}/messages/`, { content: 'Welcome' })
    const { page, context } = await openApp(ada, { path: `/rooms/${id}?panel=info`, locale: 'ar-EG' })
    await page.getByRole('textbox', { name: 'رابط الدعوة' }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'group-info-arabic')
    await page.getByRole('button', { name: 'المزيد عن الرابط' }).click()
    await page.getByRole('menuitem', { name: 'إيقاف الرابط' }).click()
    await page.getByRole('button', { name: 'إيقاف الرابط' }).click()
    await page.getByRole('button', { name: 'إنشاء رابط' }).waitFor()
    expect((await ada.get(link)).status).toBe(404)
    await page.getByRole('button', { name: 'إنشاء رابط' }).click()
    await page.getByRole('textbox', { name: 'رابط الدعوة' }).waitFor()
    expect((await ada.get(link)).status).toBe(200)

    await context.route(`**/api/chatrooms/${id}/`, (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await page.getByRole('button', { name: 'إعادة تسمية المجموعة' }).click()
    await page.getByRole('textbox', { name: 'اسم المجموعة' }).fill('New name')
    await page.keyboard.press('Enter')
    await page.getByText('تعذّر').or(page.getByText('الخادم')).first().waitFor()
    await page.getByRole('complementary').getByText('Old name').first().waitFor()
  })
})
