import { chromiumPath } from '@confab/testkit/chromium'
import { type Person, startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { fill as fillRoom } from './fill.ts'
import { expectAccessible, screenshot } from './look.ts'
import { isInSight, messageAt, patience, seeInSight } from './message-list.ts'

const server = await startTestServer()

const fill = (who: Person, room: number, count: number) => fillRoom(server, { who, room, count })

describe.skipIf(!chromiumPath)('who reads a conversation', () => {
  const openApp = openBrowser(() => server)

  test('an answer in a conversation that has just begun is marked as read where it is seen', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await page.getByRole('textbox', { name: 'Write a message' }).fill('a question')
    await page.keyboard.press('Enter')
    await messageAt(page, 'a question').getByText('Delivered', { exact: true }).waitFor()
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'an answer' })
    await messageAt(page, 'an answer').waitFor()
    await expect
      .poll(async () => (await ada.get('/api/chatrooms/')).body.results[0], patience)
      .toMatchObject({ unread_count: 0, read_no: 2 })
  })

  test('what one answered from another device is read once it is seen', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'are you there?' })
    await ada.post(`/api/chatrooms/${roomId}/messages/`, { content: 'on the phone, yes' })

    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await seeInSight(page, 'on the phone, yes')
    const unread = async () => (await ada.get('/api/chatrooms/')).body.results[0].unread_count
    await expect.poll(unread, patience).toBe(0)
    await page.getByText('1 unread message').first().waitFor({ state: 'detached' })
  })

  test.each(['is sent', 'comes'])('the first message of a day is in sight when it %s, below its day', async (how) => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await fill(bob, roomId, 40)
    await server.database.pool.query(
      "UPDATE messages SET created_at = created_at - interval '2 days' WHERE room_id = $1",
      [roomId],
    )
    await ada.post(`/api/chatrooms/${roomId}/mark_as_read/`)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await seeInSight(page, 'message 40')

    if (how === 'is sent') {
      await page.getByRole('textbox', { name: 'Write a message' }).fill('good morning')
      await page.keyboard.press('Enter')
      await messageAt(page, 'good morning').getByText('Delivered').waitFor()
    } else await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'good morning' })
    await seeInSight(page, 'good morning')
    const today = await page.getByText('Today', { exact: true }).last().boundingBox()
    const said = await messageAt(page, 'good morning').boundingBox()
    expect(today?.y).toBeLessThan(said?.y ?? 0)
  })

  test('what was said last stays in sight when there is less place where all had place before', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await fill(bob, roomId, 6)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}`, viewport: PHONE })
    await seeInSight(page, 'message 6')
    const hidden = () => page.getByRole('feed').evaluate((feed) => feed.scrollHeight - feed.clientHeight)
    expect(await hidden()).toBe(0)
    await page.setViewportSize({ ...PHONE, height: 420 })
    await expect.poll(hidden, patience).toBeGreaterThan(0)
    await seeInSight(page, 'message 6')
  })

  test('what was said last stays in sight when there is less place, and what one reads does not move', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await fill(bob, roomId, 60)
    await ada.post(`/api/chatrooms/${roomId}/mark_as_read/`)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}`, viewport: PHONE })
    await seeInSight(page, 'message 60')

    // As the keyboard of a phone does.
    await page.setViewportSize({ ...PHONE, height: 500 })
    await seeInSight(page, 'message 60')
    await page.setViewportSize(PHONE)
    await seeInSight(page, 'message 60')

    await page.getByRole('feed').hover()
    await page.mouse.wheel(0, -600)
    await expect.poll(() => isInSight(page, 'message 60'), patience).toBe(false)
    const top = () => page.getByRole('feed').evaluate((feed) => feed.scrollTop)
    // A wheel may roll on for a moment, and rows that come are measured with the next frame.
    let before = await top()
    const rolled = async () => {
      const last = before
      before = await top()
      return before - last
    }
    await expect.poll(rolled, patience).toBe(0)
    await page.setViewportSize({ ...PHONE, height: 500 })
    await page.getByRole('button', { name: /^Jump to the latest/ }).waitFor()
    expect(await top()).toBe(before)
  })

  test('leads to a message of the address, and to a day', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    const ids = await fill(bob, roomId, 180)
    await ada.post(`/api/chatrooms/${roomId}/mark_as_read/`)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}?message=${ids[19]}` })
    await seeInSight(page, 'message 20')
    await page.getByRole('button', { name: 'Jump to the latest messages' }).click()
    await seeInSight(page, 'message 180')
    expect(page.url()).not.toContain('message=')

    await page.getByRole('button', { name: 'Jump to a date' }).click()
    const today = page.getByRole('grid').getByRole('button', { pressed: true })
    await expect.poll(() => today.count(), patience).toBe(1)
    await expectAccessible(page)
    await today.focus()
    await page.keyboard.press('Enter')
    await seeInSight(page, 'message 1')

    await bob.delete(`/api/chatrooms/${roomId}/messages/${ids[99]}/`)
    await page.goto(`${server.url}/rooms/${roomId}?message=${ids[99]}`)
    await page.getByText('That message is not there any more.').waitFor()
    await seeInSight(page, 'message 180')
  })

  test('a message is copied, deleted and brought back by keyboard alone, and its readers are named', async () => {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const { id: room } = await server.group(ada, [bob, cleo], 'Tea party')
    await fill(bob, room, 3)
    const mine = (await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'mine 1' })).body.id
    await bob.post(`/api/chatrooms/${room}/messages/${mine}/mark_as_read/`)
    const { page, context } = await openApp(ada, { path: `/rooms/${room}` })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const others = await openApp(bob, { path: `/rooms/${room}` })
    await messageAt(others.page, 'mine 1').waitFor()

    await messageAt(page, 'mine 1').focus()
    await page.keyboard.press('ArrowUp')
    await expect
      .poll(() => messageAt(page, 'message 3').evaluate((row) => row === document.activeElement), patience)
      .toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Copy text' }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'conversation-menu')
    await page.getByRole('menuitem', { name: 'Read by' }).click()
    const readers = page.getByRole('dialog', { name: 'Read by' })
    await readers.getByText(bob.username).waitFor()
    await readers.getByText('Not read yet by 1 person').waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await readers.waitFor({ state: 'hidden' })

    await messageAt(page, 'mine 1').focus()
    await page.keyboard.press('Control+c')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), patience).toBe('mine 1')
    await page.keyboard.press('Delete')
    await page.getByRole('feed').getByText('Message deleted').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await messageAt(page, 'mine 1').waitFor()
    expect((await bob.get(`/api/chatrooms/${room}/messages/${mine}/`)).status).toBe(200)

    // Who leaves the page meant it.
    await messageAt(page, 'mine 1').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('feed').getByText('Message deleted').waitFor()
    await page.goto('about:blank')
    await others.page.getByRole('feed').getByText('Message deleted').waitFor()
  })

  test('on a phone what one can do with a message is on the screen, however wide the message is', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob])
    for (const who of [ada, bob]) {
      await who.post(`/api/chatrooms/${id}/messages/`, { content: `${who.username} says more than fits into a line` })
    }
    const { page } = await openApp(ada, { path: `/rooms/${id}`, viewport: PHONE })
    for (const { username } of [ada, bob]) {
      const row = page.getByRole('article').filter({ hasText: `${username} says` })
      await row.click()
      const more = await row.getByRole('button', { name: 'More' }).boundingBox()
      expect(more?.x).toBeGreaterThan(0)
      expect((more?.x ?? Number.NaN) + (more?.width ?? 0)).toBeLessThanOrEqual(PHONE.width)
      expect(await row.getByRole('button', { name: 'Copy' }).isVisible()).toBe(false)
    }
  })
})
