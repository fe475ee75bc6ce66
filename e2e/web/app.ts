/**
 * The web app in a real browser, as its users have it: served by a real server, with its content security policy.
 *
 * Every page is watched: an error that nobody caught, something that the policy forbids, or a request to anybody but the
 * server fails the test in which it happens.
 */

import { shellPath } from '@confab/testkit/chromium'
import type { Person } from '@confab/testkit/server'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished } from 'vitest'
import { buildWebApp } from './build.ts'

/** How somebody looks at the app. */
export type View = Readonly<{
  viewport?: { width: number; height: number }
  /** What the browser says its language is, for example `ar`. */
  locale?: string
  colorScheme?: 'light' | 'dark'
  reducedMotion?: 'reduce' | 'no-preference'
  /** Whether the app's service worker runs: it answers in the network's place, which most tests want to see. */
  serviceWorkers?: 'allow' | 'block'
  /** Both where it is touched rather than pointed at. */
  hasTouch?: boolean
  isMobile?: boolean
  /** Where to begin. */
  path?: string
  /** The test keeps parts of the app from arriving, of which there is a word on the console. */
  missesParts?: boolean
}>

export const DESKTOP = { width: 1360, height: 860 }
export const TABLET = { width: 834, height: 1112 }
export const PHONE = { width: 390, height: 844 }

/** Somebody's browser: what they see, and their context, where more tabs can be opened and the network be cut. */
export type OpenApp = Readonly<{ page: Page; context: BrowserContext }>

/** Somebody who is logged in. */
export type Login = Pick<Person, 'token' | 'refresh'>

/** Opens the app as somebody who is logged in, or as nobody. It is closed with the test. */
export type OpenAppAs = (who: Login | undefined, view?: View) => Promise<OpenApp>

/** Where the app is, and its server where that is elsewhere. */
type Place = { url: string; serverUrl?: string }

/** What a page waits for at most: a browser that shares two cores with everything else is slow at times. */
const PATIENCE_MS = 50_000

/**
 * Starts a browser for the tests of a file, on the app of a server. To be called where `describe` is.
 *
 * @param executablePath `chromiumPath` for what only a whole browser has
 */
export function openBrowser(place: () => Place, executablePath = shellPath): OpenAppAs {
  let browser: Browser
  beforeAll(async () => {
    await buildWebApp()
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] })
    // A browser that has drawn nothing yet takes its time on a machine that has other things to do.
    await browser.newPage().then((page) => page.close())
  }, 120_000)
  afterAll(() => browser?.close())
  return async (who, { path = '/', missesParts = false, ...view } = {}) => {
    const { viewport = DESKTOP, locale = 'en-GB', serviceWorkers = 'block' } = view
    const { url, serverUrl = url } = place()
    const { origin } = new URL(url)
    const context = await browser.newContext({ ...loginOf(who, origin), ...view, viewport, locale, serviceWorkers })
    context.setDefaultTimeout(PATIENCE_MS)
    const problems = watch(context, [new URL(url).host, new URL(serverUrl).host], missesParts)
    onTestFinished(async () => {
      await context.close()
      expect(problems).toEqual([])
    })
    const page = await context.newPage()
    await page.goto(origin + path)
    return { page, context }
  }
}

function loginOf(who: Login | undefined, origin: string): BrowserContextOptions {
  if (!who) return {}
  const tokens = { access: who.token, refresh: who.refresh }
  const localStorage = [{ name: 'confab.tokens', value: JSON.stringify(tokens) }]
  return { storageState: { cookies: [], origins: [{ origin, localStorage }] } }
}

/** Collects what must not happen on any page. Requests that the server refuses are part of life. */
function watch(context: BrowserContext, hosts: readonly string[], missesParts: boolean): string[] {
  const problems: string[] = []
  context.on('weberror', (error) => problems.push(`not caught: ${error.error().stack}`))
  context.on('console', (message) => {
    const text = message.text()
    const isRefused = /Failed to load resource|WebSocket connection to/.test(text)
    const isMissed = missesParts && text.includes('Failed to fetch dynamically imported module')
    if (message.type() === 'error' && !isRefused && !isMissed) problems.push(text)
  })
  const failed: string[] = []
  context.on('requestfailed', (request) => failed.push(`${request.url()}: ${request.failure()?.errorText}`))
  onTestFailed(() => console.error(`What was asked for and did not arrive:\n${failed.join('\n')}`))
  context.on('request', (request) => {
    const url = new URL(request.url())
    const isOurs = hosts.includes(url.host) || url.protocol === 'blob:' || url.protocol === 'data:'
    if (!isOurs) problems.push(`a request to ${request.url()}`)
  })
  return problems
}
