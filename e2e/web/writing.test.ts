import { chromiumPath } from '@confab/testkit/chromium'
import { startTestServer } from '@confab/testkit/server'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { DESKTOP, openBrowser, PHONE } from './app.ts'
import { expectAccessible, screenshot } from './look.ts'

const MAX_CHARS = 400

/** As long as a busy machine may take. */
const PATIENCE = { timeout: 20_000 }

const server = await startTestServer({ MAX_MESSAGE_CHARS: String(MAX_CHARS) })

/** An image of one colour. */
function picture(width: number, height: number, background: string): Sharp {
  return sharp({ create: { width, height, channels: 3, background } })
}

async function file(name: string, image: Sharp) {
  return { name, mimeType: 'image/png', buffer: await image.png().toBuffer() }
}

/** Drops files on an element, as the desktop does. */
async function drop(target: Locator, files: readonly { name: string; type: string; text: string }[]): Promise<void> {
  await target.evaluate((element, given) => {
    const dataTransfer = new DataTransfer()
    for (const { name, type, text } of given) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name, { type }))
    }
    for (const type of ['dragover', 'drop']) {
      element.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
    }
  }, files)
}

/** How large elements are, in whole pixels. */
function boxesOf(elements: readonly Element[]): { width: number; height: number }[] {
  return elements.map((element) => {
    const { width, height } = element.getBoundingClientRect()
    return { width: Math.round(width), height: Math.round(height) }
  })
}

/** Images are answered once the function that it answers is called. */
async function holdImages(context: BrowserContext): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await context.route('**/media/message/**', async (route) => {
    await promise
    await route.continue()
  })
  return resolve
}

const area = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })

describe.skipIf(!chromiumPath)('writing', { timeout: 60_000 }, () => {
  const openApp = openBrowser(() => server)

  async function teaParty() {
    const [ada, bob, cleo] = await server.people('ada', 'bob', 'cleo')
    const group = await server.group(ada, [bob, cleo], 'Tea party')
    const api = `/api/chatrooms/${group.id}/messages/`
    await cleo.post(api, { content: 'Who has the kettle?' })
    return { ada, bob, path: `/rooms/${group.id}`, api }
  }

  test('names, shortcodes and marks are completed as one types, and others read what was meant', async () => {
    const { ada, bob, path } = await teaParty()
    const { page } = await openApp(ada, { path })
    const { page: bobs } = await openApp(bob, { path })
    await area(bobs).waitFor()
    await area(page).pressSequentially('hello @bo')
    await bobs.getByText('is typing').first().waitFor()
    await page.getByRole('option', { name: bob.username }).waitFor()
    await expectAccessible(page)
    await area(page).press('Enter')
    await area(page).pressSequentially(':tad')
    await page.getByRole('option', { name: 'party popper' }).waitFor()
    await area(page).pressSequentially('a: see www.a.example')
    await area(page).press('Shift+Enter')
    await area(page).press('ControlOrMeta+b')
    await area(page).pressSequentially('bold')
    expect(await area(page).inputValue()).toBe(`hello @${bob.username} 🎉 see www.a.example\n**bold**`)
    await area(page).press('Enter')

    await expect.poll(() => area(page).inputValue(), PATIENCE).toBe('')
    const read = bobs.getByRole('article').filter({ hasText: 'hello' })
    expect(await read.locator('strong').textContent()).toBe('bold')
    const link = read.getByRole('link', { name: 'www.a.example' })
    expect(await link.getAttribute('href')).toBe('http://www.a.example/')
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    expect(await read.getByRole('link', { name: `@${bob.username}` }).getAttribute('href')).toBe(`/people/${bob.id}`)
  })

  test('what was begun is there after a reload, by room, and too much of it is not sent', async () => {
    const { ada, path } = await teaParty()
    const { page } = await openApp(ada, { path })
    await area(page).fill('a thought')
    await page.reload()
    await expect.poll(() => area(page).inputValue(), PATIENCE).toBe('a thought')
    await area(page).fill('x'.repeat(MAX_CHARS + 2))
    await page.getByText('2 characters too long').waitFor()
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    await area(page).fill('x'.repeat(MAX_CHARS - 1))
    await page.getByText('1 character left').waitFor()
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(false)
  })

  test.each(['light', 'dark'] as const)(
    'emoji are found and picked by keyboard alone, in the %s theme',
    async (colorScheme) => {
      const { ada, path } = await teaParty()
      const { page } = await openApp(ada, { path, colorScheme })
      await area(page).fill('up ')
      await page.getByRole('button', { name: 'Emoji' }).press('Enter')
      const search = page.getByRole('combobox', { name: 'Search emoji' })
      await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor()
      await expectAccessible(page)
      await screenshot(page, `emoji-${colorScheme}`)
      await page.getByRole('button', { name: /^Skin tone/ }).click()
      await page.getByRole('button', { name: 'Medium', exact: true }).click()
      await search.fill('thumbs')
      await page.getByRole('gridcell', { name: 'thumbs up', exact: true }).waitFor()
      await search.press('ArrowRight')
      await search.press('ArrowLeft')
      await search.press('Enter')
      await expect.poll(() => area(page).inputValue(), PATIENCE).toBe('up 👍🏽')
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), PATIENCE).toBe('TEXTAREA')
      await search.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Emoji' }).click()
      await page.getByText('Used last').waitFor()
    },
  )

  test('the last own message is edited with the arrow up, and left alone with Escape', async () => {
    const { ada, bob, path, api } = await teaParty()
    await ada.post(api, { content: 'at for' })
    await bob.post(api, { content: 'when?' })
    const { page } = await openApp(ada, { path })
    await page.getByRole('article').filter({ hasText: 'when?' }).waitFor()
    const edit = page.getByRole('textbox', { name: 'Edit the message' })
    await area(page).press('ArrowUp')
    expect(await edit.inputValue()).toBe('at for')
    await edit.fill('never')
    await edit.press('Escape')
    await area(page).press('ArrowUp')
    expect(await edit.inputValue()).toBe('at for')
    await edit.press('End')
    await edit.pressSequentially('ty')
    await edit.press('Backspace')
    await edit.press('Backspace')
    await edit.press('Backspace')
    await edit.pressSequentially('our')
    await edit.press('Enter')
    await page.getByRole('article').filter({ hasText: 'at foour' }).or(page.getByText('at foour')).first().waitFor()
    expect(await area(page).inputValue()).toBe('')
  })

  test('images are picked, dropped and taken away, made smaller, and sent in order with the words under the last', async () => {
    const { ada, bob, path, api } = await teaParty()
    const { page } = await openApp(ada, { path })
    const noise = sharp({
      create: {
        width: 3_200,
        height: 1_600,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
    const large = await noise.jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer()
    await area(page).fill('the garden')
    await page
      .locator('input[type=file]')
      .setInputFiles([
        { name: 'large.jpg', mimeType: 'image/jpeg', buffer: large },
        await file('wrong.png', picture(40, 30, 'green')),
      ])
    const small = (await picture(300, 400, 'blue').png().toBuffer()).toString('base64')
    await drop(page.getByRole('feed'), [{ name: 'dropped.png', type: 'image/png', text: small }])
    await page.getByRole('button', { name: 'Remove wrong.png' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Send' }).isEnabled(), PATIENCE).toBe(true)
    await expectAccessible(page)
    await screenshot(page, 'attachments')
    await drop(page.getByRole('feed'), [{ name: 'notes.txt', type: 'text/plain', text: 'aGVsbG8=' }])
    await page.getByText('Only images can be sent.').first().waitFor()
    await area(page).focus()
    await area(page).press('Enter')

    const list = async () => (await bob.get(api)).body.results
    await expect.poll(async () => (await list()).length, PATIENCE).toBe(3)
    const [last, first] = await list()
    expect([first.content, last.content]).toEqual(['', 'the garden'])
    const sent = await sharp(Buffer.from(await (await fetch(first.image)).arrayBuffer())).metadata()
    expect([sent.width, sent.height]).toEqual([1_280, 2_560])

    const images = page.getByRole('link', { name: /^Open: Image by/ })
    await expect.poll(() => images.count(), PATIENCE).toBe(2)
    expect(await images.evaluateAll(boxesOf)).toEqual([
      { width: 160, height: 320 },
      { width: 240, height: 320 },
    ])
    await screenshot(page, 'images')
  })

  test('a message has its final height before its image is there, while it is sent and when others see it', async () => {
    const { ada, bob, path, api } = await teaParty()
    const { page } = await openApp(ada, { path })
    await area(page).waitFor()
    const { promise: mayArrive, resolve: arrive } = Promise.withResolvers<void>()
    await page.route(`**${api}`, async (route) => {
      await mayArrive
      await route.continue()
    })
    const camera = await picture(1_200, 675, 'teal').jpeg().withMetadata({ orientation: 6 }).toBuffer()
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name: 'upright.jpg', mimeType: 'image/jpeg', buffer: camera }])
    await expect.poll(() => page.getByRole('button', { name: 'Send' }).isEnabled(), PATIENCE).toBe(true)
    await page.getByRole('button', { name: 'Send' }).click()
    const row = page.getByRole('article').last()
    await row.getByRole('img', { name: 'The image that is being sent' }).waitFor()
    const [onItsWay] = await row.evaluateAll(boxesOf)
    arrive()
    const link = page.getByRole('link', { name: /^Open: Image by/ })
    await link.waitFor()
    expect(await link.evaluateAll(boxesOf)).toEqual([{ width: 180, height: 320 }])
    expect((await row.evaluateAll(boxesOf))[0]?.height).toBe(onItsWay?.height)

    const { page: bobs, context } = await openApp(bob)
    const release = await holdImages(context)
    await bobs.goto(server.url + path)
    const [bobsRow, bobsLink] = [bobs.getByRole('article').last(), bobs.getByRole('link', { name: /^Open: Image by/ })]
    await bobsLink.waitFor()
    const isLoaded = () =>
      bobsLink
        .getByRole('img', { name: /^Image by/ })
        .evaluate((image) => Number(Reflect.get(image, 'naturalWidth')) > 0)
    expect(await isLoaded()).toBe(false)
    const before = [await bobsRow.evaluateAll(boxesOf), await bobsLink.evaluateAll(boxesOf)]
    release()
    await expect.poll(isLoaded, PATIENCE).toBe(true)
    expect([await bobsRow.evaluateAll(boxesOf), await bobsLink.evaluateAll(boxesOf)]).toEqual(before)
    expect(before[1]).toEqual([{ width: 180, height: 320 }])
    await screenshot(bobs, 'image-upright')
  })

  test('what is no image, or cannot be read, says so and does not stop the others', async () => {
    const { ada, path } = await teaParty()
    const { page } = await openApp(ada, { path })
    await page
      .locator('input[type=file]')
      .setInputFiles([
        { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no image at all') },
        await file('fine.png', picture(40, 30, 'green')),
      ])
    await page.getByText('Not an image that can be read').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Send' }).isEnabled(), PATIENCE).toBe(true)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('link', { name: /^Open: Image by/ }).waitFor()
    expect(await page.getByText('Not an image that can be read').count()).toBe(0)
  })

  test('the images of a room are looked through, larger and smaller, and left to where one was', async () => {
    const { ada, bob, path, api } = await teaParty()
    for (const [index, colour] of ['tomato', 'gold', 'teal'].entries()) {
      const form = new FormData()
      const bytes = await picture(600 + 200 * index, 600, colour)
        .png()
        .toBuffer()
      form.set('image', new File([new Uint8Array(bytes)], `${colour}.png`, { type: 'image/png' }))
      form.set('content', colour)
      const sent = await fetch(server.url + api, {
        method: 'POST',
        headers: { authorization: `Bearer ${bob.token}` },
        body: form,
      })
      expect(sent.status).toBe(201)
    }
    const { page } = await openApp(ada, { path })
    const link = page.getByRole('link', { name: /^Open:.*gold/ })
    await link.press('Enter')
    const gallery = page.getByRole('dialog', { name: 'Images of Tea party' })
    await gallery.getByRole('img', { name: /gold/ }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'gallery')
    await page.keyboard.press('ArrowRight')
    await gallery.getByRole('img', { name: /teal/ }).waitFor()
    expect(await gallery.getByRole('button', { name: 'Newer image' }).count()).toBe(0)
    await page.keyboard.press('Home')
    const shown = gallery.getByRole('img', { name: /tomato/ })
    await shown.waitFor()
    await page.keyboard.press('+')
    await expect.poll(() => shown.evaluate((image) => image.style.transform), PATIENCE).toContain('scale(1.5)')
    await page.keyboard.press('ArrowRight')
    await gallery.getByRole('img', { name: /gold/ }).waitFor()
    await page.keyboard.press('Escape')
    await gallery.waitFor({ state: 'detached' })
    await expect.poll(() => link.evaluate((element) => element === document.activeElement), PATIENCE).toBe(true)
    expect(new URL(page.url()).search).toBe('')
  })

  test('without a network words and images wait, can be taken back, and go out when it is there again', async () => {
    const { ada, bob, path, api } = await teaParty()
    const { page, context } = await openApp(ada, { path })
    await area(page).waitFor()
    await context.setOffline(true)
    await area(page).fill('later')
    await area(page).press('Enter')
    await page.locator('input[type=file]').setInputFiles([await file('never.png', picture(60, 40, 'red'))])
    await expect.poll(() => page.getByRole('button', { name: 'Send' }).isEnabled(), PATIENCE).toBe(true)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('button', { name: 'Do not send' }).click()
    await context.setOffline(false)
    await expect.poll(async () => (await bob.get(api)).body.results.length, PATIENCE).toBe(2)
    expect((await bob.get(api)).body.results[0]).toMatchObject({ content: 'later', image: null })
  })

  test('where one cannot write it is said why, and changed where one can', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'hello' })
    await ada.post(`/api/users/${bob.id}/block/`, {})
    const { page } = await openApp(ada, { path: `/rooms/${roomId}` })
    await page.getByText(`You blocked ${bob.username}.`).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Unblock' }).click()
    await area(page).waitFor()

    // Under a finger what one writes in does not take the focus, since that brings up the keyboard.
    await ada.post(`/api/users/${bob.id}/block/`, {})
    const { page: phone } = await openApp(ada, {
      path: `/rooms/${roomId}`,
      viewport: PHONE,
      isMobile: true,
      hasTouch: true,
    })
    await phone.getByRole('button', { name: 'Unblock' }).press('Enter')
    await area(phone).waitFor()
    await expect.poll(() => phone.locator('form :focus').count()).toBe(1)
    expect(await area(phone).and(phone.locator(':focus')).count()).toBe(0)
  })

  test('the button that sends is seen under the mouse, too', async () => {
    const { ada, path } = await teaParty()
    const { page } = await openApp(ada, { path, colorScheme: 'dark' })
    const send = page.getByRole('button', { name: 'Send', exact: true })
    const colour = () =>
      send.evaluate(async (button) => {
        await Promise.all(button.getAnimations().map(({ finished }) => finished))
        return getComputedStyle(button).backgroundColor
      })
    const usual = await colour()
    await send.hover({ force: true })
    expect(await colour()).toBe(usual)
  })

  test('code, quotes and lists look as they should on a phone and in the dark, also from right to left', async () => {
    const { ada, bob, path, api } = await teaParty()
    await bob.post(api, { content: '> said before\n\n**Shopping** for _tea_:\n- milk\n- ~~sugar~~\n- `scones`' })
    await bob.post(api, {
      content: '```ts\nconst kettle = await boil({ litres: 1.5, until: "it whistles", lid: "closed" })\n```',
    })
    await bob.post(api, { content: `@${ada.username} مرحبا https://a.example/شاي` })
    await bob.post(api, { content: '🎉' })
    for (const [name, view] of Object.entries({
      desktop: { viewport: DESKTOP, colorScheme: 'light' },
      phone: { viewport: PHONE, colorScheme: 'dark' },
      arabic: { viewport: PHONE, locale: 'ar', colorScheme: 'light' },
    } as const)) {
      const { page } = await openApp(ada, { path, ...view })
      await page.getByText('🎉').last().waitFor()
      await expectAccessible(page)
      await screenshot(page, `markup-${name}`)
    }
  })
})
