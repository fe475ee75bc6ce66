import { type Person, startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { chromiumPath } from './chromium.ts'
import { fill as fillRoom } from './fill.ts'
import { expectAccessible, screenshot } from './look.ts'

const server = await startTestServer()

/** A row of the list is a few hundred elements away from being slow: of any number of messages so many are drawn. */
const MAX_DRAWN = 80

/** Machines differ. */
const patience = { timeout: 20_000 }

const fill = (who: Person, room: number, count: number) => fillRoom(server, { who, room, count })

/** What the element says that has the focus. */
function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}

/** That a message which was filled in mentioned somebody, as they would have been told. */
async function mention(who: Person, by: Person, { room, id, no }: { room: number; id: number; no: number }) {
  await server.database.pool.query(
    `INSERT INTO notifications (user_id, type, sender_id, room_id, message_id, message_no)
     VALUES ($1, 'mention', $2, $3, $4, $5)`,
    [who.id, by.id, room, id, no],
  )
}

const messageAt = (page: Page, content: string) =>
  page.getByRole('article').filter({ has: page.getByText(content, { exact: true }) })

/** Whether a message is within the part of the list that can be seen. */
const isInSight = (page: Page, content: string) =>
  messageAt(page, content).evaluateAll((rows) =>
    rows.some((row) => {
      const feed = row.closest('[role="feed"]')?.getBoundingClientRect()
      const { top, bottom } = row.getBoundingClientRect()
      return feed !== undefined && top >= feed.top - 1 && bottom <= feed.bottom + 1
    }),
  )

/** Waits until it is. */
const seeInSight = (page: Page, content: string) => expect.poll(() => isInSight(page, content), patience).toBe(true)

const drawn = (page: Page) => page.getByRole('article').count()

describe.skipIf(!chromiumPath)('a conversation', () => {
  const openApp = openBrowser(() => server)

  test('opens at the first new message, marks as read what is seen, and leads to the latest', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    const ids = await fill(bob, roomId, 60)
    await ada.post(`/api/chatrooms/${roomId}/messages/${ids[9]}/mark_as_read/`)

    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await messageAt(page, 'message 11').waitFor()
    await seeInSight(page, 'message 11')
    expect(await page.getByText('New', { exact: true }).count()).toBe(1)
    expect(await isInSight(page, 'message 60')).toBe(false)
    await expectAccessible(page)

    const latest = page.getByRole('button', { name: /^Jump to the latest messages, \d+ of them unread$/ })
    await latest.click()
    await seeInSight(page, 'message 60')
    const unread = async () => (await ada.get('/api/chatrooms/')).body.results[0].unread_count
    await expect.poll(unread, patience).toBe(0)

    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'one more' })
    await seeInSight(page, 'one more')
    await expect.poll(unread, patience).toBe(0)
  })

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

  test('older messages come while one scrolls, without moving what one reads', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await fill(bob, roomId, 260)
    await ada.post(`/api/chatrooms/${roomId}/mark_as_read/`)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await seeInSight(page, 'message 260')

    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/messages/?*cursor=*', async (route) => {
      await held
      await route.continue()
    })
    const feed = page.getByRole('feed')
    await feed.evaluate((list) => list.scrollTo({ top: 0 }))
    await seeInSight(page, 'message 161')
    const words = messageAt(page, 'message 161').getByText('message 161', { exact: true })
    const place = async () => (await words.boundingBox())?.y ?? 0
    const before = await place()
    const height = await feed.evaluate((list) => list.scrollHeight)
    release()
    await expect.poll(() => feed.evaluate((list) => list.scrollHeight), patience).toBeGreaterThan(height + 1_000)
    // Rows that come are measured with the next frame.
    await expect.poll(async () => Math.abs((await place()) - before), patience).toBeLessThan(4)

    await feed.hover()
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -3_000)
        expect(await drawn(page)).toBeLessThan(MAX_DRAWN)
        return messageAt(page, 'message 1').count()
      }, patience)
      .toBe(1)
    await page.getByText('This is where the conversation begins.').waitFor()
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

  test('opens at the first new of thousands, and leads from there to each message that mentions one', {
    timeout: 60_000,
  }, async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob], 'Tea party')
    const ids = await fill(bob, room, 3_000)
    await ada.post(`/api/chatrooms/${room}/messages/${ids[9]}/mark_as_read/`)
    for (const no of [700, 1_900]) await mention(ada, bob, { room, id: ids[no - 1] ?? 0, no })

    const { page } = await openApp(ada, { path: `/rooms/${room}` })
    await seeInSight(page, 'message 11')
    expect(await page.getByText('New', { exact: true }).count()).toBe(1)
    expect(await isInSight(page, 'message 30')).toBe(false)
    await expectAccessible(page)
    await screenshot(page, 'conversation-mentions')

    await page.getByRole('button', { name: 'Jump to the next of 2 messages that mention you' }).click()
    await seeInSight(page, 'message 700')
    await page.getByRole('button', { name: 'Jump to the message that mentions you' }).click()
    await seeInSight(page, 'message 1900')
    await page.getByRole('button', { name: /mention/ }).waitFor({ state: 'detached' })
    const unread = async () => (await ada.get('/api/chatrooms/')).body.results[0].mention_count
    await expect.poll(unread, patience).toBe(0)
  })

  test('a mention that is near another one is neither passed over nor read before one has come to it', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob], 'Tea party')
    const ids = await fill(bob, room, 1_000)
    await ada.post(`/api/chatrooms/${room}/messages/${ids[9]}/mark_as_read/`)
    for (const no of [700, 718]) await mention(ada, bob, { room, id: ids[no - 1] ?? 0, no })

    const { page } = await openApp(ada, { path: `/rooms/${room}?message=${ids[99]}` })
    await seeInSight(page, 'message 100')
    await page.getByRole('button', { name: 'Jump to the next of 2 messages that mention you' }).click()
    await seeInSight(page, 'message 700')
    await expect.poll(() => focusedText(page), patience).toContain('message 700')
    await page.getByRole('button', { name: 'Jump to the message that mentions you' }).click()
    await seeInSight(page, 'message 718')
    await expect.poll(() => focusedText(page), patience).toContain('message 718')
    await page.getByRole('button', { name: /mention/ }).waitFor({ state: 'detached' })
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

  test('says calmly that one was taken out of a room, and that there is no such room', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob], 'Tea party')
    await fill(ada, room, 1)
    const { page } = await openApp(bob, { path: `/rooms/${room}`, viewport: PHONE, colorScheme: 'dark' })
    await messageAt(page, 'message 1').waitFor()
    await expectAccessible(page)
    await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
    await page.getByRole('heading', { name: 'You are not in this conversation any more' }).waitFor()
    await expectAccessible(page)
    await page.goto(`${server.url}/rooms/${room}`)
    await page.getByRole('heading', { name: 'There is no such conversation' }).waitFor()
  })

  test('a flood of messages drops nothing of what one writes meanwhile', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    const words = 'what I wanted to say while everybody spoke'
    const box = page.getByRole('textbox').last()
    await box.focus()
    const flood = Promise.all(
      Array.from({ length: 400 }, (_, number) =>
        bob.post(`/api/chatrooms/${roomId}/messages/`, { content: `flood ${number}` }),
      ),
    )
    await page.keyboard.type(words)
    expect(await box.inputValue()).toBe(words)
    await flood
    const { body } = await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'the last one' })
    expect(body.id).toBeGreaterThan(0)
    await seeInSight(page, 'the last one')
    expect(await drawn(page)).toBeLessThan(MAX_DRAWN)
  })
})
