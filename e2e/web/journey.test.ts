import { randomUUID } from 'node:crypto'
import { chromiumPath } from '@confab/testkit/chromium'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openBrowser, PHONE } from './app.ts'

const server = await startTestServer()

/** A name that nobody has. */
const newName = (name: string) => `${name}_${randomUUID().slice(0, 8)}`

const area = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })
const chats = (page: Page) => page.getByRole('list', { name: 'Chats' })
const navigation = (page: Page) => page.getByRole('navigation', { name: 'Main navigation' })
const said = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words })

async function say(page: Page, words: string): Promise<void> {
  await area(page).pressSequentially(words)
  await area(page).press('Enter')
}

/** Chooses from the menu of a message, with the keyboard. */
async function choose(page: Page, words: string, action: string): Promise<void> {
  await said(page, words).press('Enter')
  await page.getByRole('menuitem', { name: action }).click()
}

async function photo(background: string) {
  const picture = sharp({ create: { width: 900, height: 600, channels: 3, background } })
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture.jpeg().toBuffer() }
}

/** Opens an account in the form of the page. */
async function signUp(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign up' }).click()
}

/** From two empty accounts to a conversation: one asks, the other accepts, and both have the same chat. */
async function becomeFriends(one: Page, other: Page, names: readonly [string, string]): Promise<void> {
  await one.getByRole('link', { name: /^Find people/ }).click()
  await one.getByRole('searchbox', { name: 'Search people' }).fill(names[1])
  await one.getByRole('button', { name: `Add ${names[1]} as a friend` }).click()
  await navigation(other).getByText('1 friend request').waitFor()
  await navigation(other).getByRole('link', { name: 'People' }).click()
  await other.getByRole('tab', { name: /Requests/ }).click()
  await other.getByRole('button', { name: `Accept the request of ${names[0]}` }).click()
  await navigation(one).getByRole('link', { name: 'Chats' }).click()
  await chats(one).getByRole('link', { name: names[1] }).click()
  await navigation(other).getByRole('link', { name: 'Chats' }).click()
  await chats(other).getByText('Nothing was said yet').waitFor()
}

/** Each sees that the other writes, what was written, and that it was read. */
async function talk(one: Page, other: Page): Promise<void> {
  await area(one).pressSequentially('Shall we meet')
  await chats(other).getByText('is typing…').waitFor()
  await area(one).pressSequentially(' at four?')
  await area(one).press('Enter')
  await chats(other).getByText('Shall we meet at four?').waitFor()
  await chats(other).getByText('1 unread message').waitFor()
  await said(one, 'at four?').getByText('Delivered', { exact: true }).waitFor()
  await chats(other).getByRole('link').first().click()
  await said(other, 'at four?').waitFor()
  await said(one, 'at four?').getByText('Read', { exact: true }).waitFor()
  await area(other).pressSequentially('With pleas')
  await one.getByRole('main').getByText('is typing…').first().waitFor()
  await area(other).pressSequentially('ure.')
  await area(other).press('Enter')
  await said(one, 'With pleasure.').waitFor()
  await said(other, 'With pleasure.').getByText('Read', { exact: true }).waitFor()
}

/** Makes a group with a picture, and answers the link by which others join. */
async function makeGroup(page: Page, name: string, member: string): Promise<string> {
  await page.getByRole('link', { name: 'New conversation' }).first().click()
  await page.getByRole('checkbox', { name: member }).click()
  await page.getByRole('button', { name: 'Make it a group' }).click()
  await page.getByLabel('Name of the group').fill(name)
  await page.locator('input[type=file]').setInputFiles(await photo('#d97742'))
  await page.getByRole('button', { name: 'Use this picture' }).click()
  await page.getByRole('button', { name: /^Create a group with/ }).click()
  await page.waitForURL(/\/rooms\/\d+$/)
  await page.getByRole('link', { name: 'About this conversation' }).first().click()
  return page.getByLabel('Invitation link').inputValue()
}

/** An image of one is seen by the others, and an edit, and what was deleted, unless that was undone. */
async function changeMessages(one: Page, others: readonly Page[]): Promise<void> {
  await say(one, 'I bring the scnoes')
  for (const other of others) await said(other, 'the scnoes').waitFor()
  await choose(one, 'the scnoes', 'Edit')
  await one.getByRole('textbox', { name: 'Edit the message' }).fill('I bring the scones')
  await one.keyboard.press('Enter')
  for (const other of others) await said(other, 'the scones').getByText('edited').waitFor()

  await choose(one, 'the scones', 'Delete')
  await one.getByRole('button', { name: 'Undo' }).click()
  await said(one, 'the scones').waitFor()
  await say(one, 'and no kettle')
  for (const other of others) await said(other, 'no kettle').waitFor()
  await choose(one, 'no kettle', 'Delete')
  for (const other of others) await other.getByRole('feed').getByText('Message deleted').waitFor({ timeout: 20_000 })
  for (const page of [one, ...others]) expect(await said(page, 'the scones').count()).toBe(1)
}

async function sendImage(one: Page, other: Page): Promise<void> {
  await one
    .locator('input[type=file]')
    .first()
    .setInputFiles(await photo('#3b7f6b'))
  await area(one).fill('the garden')
  const send = one.getByRole('button', { name: 'Send' })
  await expect.poll(() => send.isEnabled()).toBe(true)
  await send.click()
  const image = said(other, 'the garden').getByRole('img', { name: /Image/ }).first()
  await expect
    .poll(() => image.evaluate((shown) => shown instanceof HTMLImageElement && shown.naturalWidth))
    .toBeGreaterThan(0)
}

/** What mentions somebody who is elsewhere is told, leads to its place, and is read with it. */
async function followNotification(page: Page, words: string): Promise<void> {
  await navigation(page).getByText('1 new notification').waitFor()
  await navigation(page).getByRole('link', { name: 'Notifications' }).click()
  await page.getByRole('main').getByRole('link').filter({ hasText: words }).first().click()
  await said(page, words).waitFor()
}

async function findMessage(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search everything' })
  await palette.getByRole('combobox').fill(words)
  await palette.getByRole('option', { name: new RegExp(words) }).click({ timeout: 20_000 })
  await expect.poll(() => page.url()).toMatch(/message=\d+/)
  await said(page, words).waitFor()
}

async function logOut(page: Page): Promise<void> {
  await navigation(page).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Account', exact: true }).click()
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('eyJ')
}

describe.skipIf(!chromiumPath)('from an empty server to a community', () => {
  const openApp = openBrowser(() => server)

  test('three people sign up, find each other, talk, meet in a group, and leave', { timeout: 180_000 }, async () => {
    const [ada, bob, cleo] = [newName('ada'), newName('bob'), newName('cleo')]
    const { page: adas } = await openApp(undefined, { path: '/signup' })
    const { page: bobs } = await openApp(undefined, { path: '/signup', viewport: PHONE, colorScheme: 'dark' })
    await signUp(adas, ada)
    await signUp(bobs, bob)
    await adas.getByRole('heading', { name: `Hello, ${ada}` }).waitFor()
    await becomeFriends(adas, bobs, [ada, bob])
    await talk(adas, bobs)

    const link = await makeGroup(adas, 'Tea party', bob)
    const { page: cleos } = await openApp(undefined, { path: new URL(link).pathname })
    await cleos.getByRole('heading', { name: 'Tea party' }).waitFor()
    await cleos.getByRole('link', { name: 'Sign up' }).click()
    await signUp(cleos, cleo)
    await cleos.getByRole('button', { name: 'Join the group' }).click()
    await say(cleos, 'Hello everybody')
    await said(adas, 'Hello everybody').waitFor()
    await bobs.getByRole('link', { name: 'Back to the chats' }).click()
    await chats(bobs).getByRole('link', { name: 'Tea party' }).click()
    await said(bobs, 'Hello everybody').waitFor()

    await sendImage(cleos, adas)
    await changeMessages(adas, [bobs, cleos])
    await bobs.getByRole('link', { name: 'Back to the chats' }).click()
    await navigation(bobs).getByRole('link', { name: 'Notifications' }).click()
    const readAll = bobs.getByRole('button', { name: 'Mark all as read' })
    await readAll.click()
    await navigation(bobs)
      .getByText(/new notification/)
      .waitFor({ state: 'detached' })
    await navigation(bobs).getByRole('link', { name: 'Chats' }).click()
    await say(cleos, `@${bob} has the kettle`)
    await followNotification(bobs, 'has the kettle')
    await findMessage(adas, 'Hello everybody')

    await logOut(adas)
    await say(cleos, 'Good night')
    await said(bobs, 'Good night').waitFor()
  })
})
