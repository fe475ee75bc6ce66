import { chromiumPath } from '@confab/testkit/chromium'
import { type Person, startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'
import { fill as fillRoom } from './fill.ts'
import { expectAccessible, screenshot } from './look.ts'
import { focusedText, isInSight, messageAt, patience, seeInSight } from './message-list.ts'

const server = await startTestServer()

/** A row of the list is a few hundred elements away from being slow: of any number of messages so many are drawn. */
const MAX_DRAWN = 80

/** That a message which was filled in mentioned somebody, as they would have been told. */
async function mention(who: Person, by: Person, { room, id, no }: { room: number; id: number; no: number }) {
  await server.database.pool.query(
    `INSERT INTO notifications (user_id, type, sender_id, room_id, message_id, message_no)
     VALUES ($1, 'mention', $2, $3, $4, $5)`,
    [who.id, by.id, room, id, no],
  )
}

const drawn = (page: Page) => page.getByRole('article').count()

const fill = (who: Person, room: number, count: number) => fillRoom(server, { who, room, count })

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
