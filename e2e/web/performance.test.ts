/** How fast the app is: measured and printed, since machines differ. What is asserted is that nothing is lost by hurry. */

import { chromiumPath } from '@confab/testkit/chromium'
import { type Person, startTestServer } from '@confab/testkit/server'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openBrowser } from './app.ts'
import { fill } from './fill.ts'

const server = await startTestServer()

const patience = { timeout: 60_000 }

/** Of any number of messages so many are drawn at the most. */
const MAX_DRAWN = 80

const area = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })

const say = (words: string) => process.stdout.write(`  measured: ${words}\n`)

/** Notes how long each frame takes, in ms, until it is asked for what it noted. */
async function watchFrames(page: Page): Promise<() => Promise<number[]>> {
  const watching = await page.evaluateHandle(() => {
    const took: number[] = []
    let last = performance.now()
    let frame = requestAnimationFrame(function note(now) {
      took.push(now - last)
      last = now
      frame = requestAnimationFrame(note)
    })
    return { took, stop: () => cancelAnimationFrame(frame) }
  })
  return () =>
    watching.evaluate(({ took, stop }) => {
      stop()
      return took
    })
}

function describeFrames(took: readonly number[]): string {
  const sorted = took.toSorted((one, other) => one - other)
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0)
  const slow = took.filter((ms) => ms > 50).length
  return `${took.length} frames, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms, ${slow} over 50 ms`
}

/** How much the page is made of. */
async function weight(page: Page): Promise<{ nodes: number; heap: string }> {
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  return { nodes, heap: (await heap(page)).toFixed(1) }
}

/** What the page holds once what it does not need is gone, in MB. */
async function heap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return usedSize / 1024 / 1024
}

/** What was drawn on the way: words by number, and at the most so many messages at a time. */
type Way = Readonly<{ seen: Map<number, string>; maxDrawn: number }>

/** Scrolls as far as a message, by so many pixels a frame. */
async function scrollTo(page: Page, { target, step }: { target: number; step: number }): Promise<Way> {
  const { seen, maxDrawn } = await page.getByRole('feed').evaluate(
    (feed, { target, step }) => {
      const seen = new Map<number, string>()
      let maxDrawn = 0
      const look = () => {
        const rows = feed.querySelectorAll('article')
        maxDrawn = Math.max(maxDrawn, rows.length)
        for (const row of rows) {
          const words = row.querySelector('[id]')?.textContent ?? ''
          seen.set(Number(row.getAttribute('aria-posinset')), words)
        }
      }
      return new Promise<{ seen: [number, string][]; maxDrawn: number }>((resolve) => {
        requestAnimationFrame(function move() {
          look()
          if (seen.has(target)) return resolve({ seen: [...seen], maxDrawn })
          feed.scrollBy(0, step)
          requestAnimationFrame(move)
        })
      })
    },
    { target, step },
  )
  return { seen: new Map(seen), maxDrawn }
}

/** That a way led past every message from one to another. */
function expectNoHole({ seen, maxDrawn }: Way, from: number, to: number): void {
  for (let no = from; no <= to; no += 1) expect(seen.get(no)).toBe(`message ${no}`)
  expect(maxDrawn).toBeLessThan(MAX_DRAWN)
}

/** Goes so many months back, to where no message is later than one. Answers how long it took until it was there, in ms. */
async function goBack(page: Page, months: number, latest: number): Promise<number> {
  await page.getByRole('button', { name: 'Jump to a date' }).click()
  await page.getByRole('grid').getByRole('button', { pressed: true }).focus()
  for (let month = 0; month < months; month += 1) await page.keyboard.press('PageUp')
  const began = performance.now()
  await page.keyboard.press('Enter')
  const lastDrawn = async () => Number(await page.getByRole('article').last().getAttribute('aria-posinset'))
  await expect.poll(lastDrawn, { ...patience, interval: 10 }).toBeLessThanOrEqual(latest)
  return performance.now() - began
}

/** Has somebody send numbered messages, at most so many a second. Answers how many a second it came to. */
async function flood(who: Person, room: number, pace: { count: number; perSecond: number }): Promise<number> {
  const url = `${server.url}/api/chatrooms/${room}/messages/`
  const headers = { authorization: `Bearer ${who.token}`, 'content-type': 'application/json' }
  const sending: Promise<Response>[] = []
  const began = performance.now()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(pace.count, ((performance.now() - began) / 1000) * pace.perSecond)
      while (sending.length < due) {
        const body = JSON.stringify({ content: `flood ${sending.length + 1}` })
        sending.push(fetch(url, { method: 'POST', headers, body }))
      }
      if (sending.length < pace.count) return
      clearInterval(timer)
      resolve()
    }, 10)
  })
  for (const { status } of await Promise.all(sending)) expect(status).toBe(201)
  return pace.count / ((performance.now() - began) / 1000)
}

/** Until a message is in sight, at the end of the list. */
const untilLast = (page: Page, no: number) =>
  expect.poll(() => page.getByRole('article').last().getAttribute('aria-posinset'), patience).toBe(String(no))

describe.skipIf(!chromiumPath)('how fast it is', { timeout: 180_000 }, () => {
  const openApp = openBrowser(() => server)

  async function couple() {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    return { ada, bob, roomId, path: `/rooms/${roomId}` }
  }

  test('a conversation of 100,000 messages is scrolled through both ways, with few of them drawn', async () => {
    const { ada, bob, roomId, path } = await couple()
    const filling = performance.now()
    await fill(server, { who: bob, room: roomId, count: 100_000, daysAgo: 100, secondsApart: 80 })
    say(`writing 100,000 messages: ${((performance.now() - filling) / 1000).toFixed(1)} s`)
    await ada.post(`/api/chatrooms/${roomId}/mark_as_read/`)
    const { page } = await openApp(ada, { path })
    const shownAt = await page.waitForFunction(() => document.querySelector('article') && performance.now())
    const [painted] = await page.evaluate(() =>
      performance.getEntriesByName('first-contentful-paint').map(({ startTime }) => startTime),
    )
    say(
      `cold load: first paint ${painted?.toFixed(0)} ms, first messages ${Number(await shownAt.jsonValue()).toFixed(0)} ms`,
    )
    await untilLast(page, 100_000)

    const walk = async (name: string, way: { from: number; to: number; step: number }) => {
      const frames = await watchFrames(page)
      const walked = await scrollTo(page, { target: way.step < 0 ? way.from : way.to, step: way.step })
      say(`${name}: ${describeFrames(await frames())}; at most ${walked.maxDrawn} drawn`)
      expectNoHole(walked, way.from, way.to)
    }
    await walk('up through the newest 1,500 of 100,000', { from: 98_500, to: 100_000, step: -240 })
    const before = await weight(page)
    say(`to a day a month back: ${(await goBack(page, 1, 70_000)).toFixed(0)} ms`)
    say(`to the oldest of all: ${(await goBack(page, 4, 50)).toFixed(0)} ms`)
    await page.getByText('This is where the conversation begins.').waitFor({ state: 'attached' })
    await walk('down through the oldest 3,000', { from: 1, to: 3_000, step: 240 })
    await walk('and up again', { from: 1, to: 2_950, step: -240 })
    const after = await weight(page)
    say(`before and after 75 pages: ${before.nodes} and ${after.nodes} elements, ${before.heap} and ${after.heap} MB`)
    await page.getByRole('button', { name: 'Jump to the latest messages' }).click()
    await untilLast(page, 100_000)
  })

  test('200 messages a second drop nothing of what one writes, and all of them are there once', async () => {
    const { ada, bob, roomId, path } = await couple()
    const { page } = await openApp(ada, { path })
    const words = 'what I wanted to say while everybody spoke at the same time'
    await area(page).focus()
    const frames = await watchFrames(page)
    const sending = flood(bob, roomId, { count: 1_000, perSecond: 200 })
    await page.keyboard.type(words, { delay: 60 })
    expect(await area(page).inputValue()).toBe(words)
    const rate = await sending
    await untilLast(page, 1_000)
    say(`${rate.toFixed(0)} messages a second while typing: ${describeFrames(await frames())}`)

    await page.keyboard.press('Enter')
    await untilLast(page, 1_001)
    const { seen } = await scrollTo(page, { target: 1, step: -240 })
    expect(seen.get(1_001)).toBe(words)
    const said = Array.from({ length: 1_000 }, (_, index) => seen.get(index + 1) ?? '')
    expect(said.toSorted()).toEqual(Array.from({ length: 1_000 }, (_, index) => `flood ${index + 1}`).toSorted())
  })

  test("an hour's worth of messages leaves the page as light as it was", async () => {
    const { ada, bob, roomId, path } = await couple()
    await bob.post(`/api/chatrooms/${roomId}/messages/`, { content: 'flood 0' })
    const { page } = await openApp(ada, { path })
    await untilLast(page, 1)
    // What is loaded with the first messages is no growth.
    await flood(bob, roomId, { count: 600, perSecond: 200 })
    await untilLast(page, 601)
    const before = await heap(page)
    await flood(bob, roomId, { count: 3_600, perSecond: 400 })
    await untilLast(page, 4_201)
    const after = await heap(page)
    say(`memory: ${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after 3,600 messages`)
    expect(await page.getByRole('article').count()).toBeLessThan(MAX_DRAWN)
    // The messages alone, were they all kept, would be as much.
    expect(after - before).toBeLessThan(4)
  })
})
