/** The system's Chromium. Without one the tests that need it are skipped, but in CI, where that would go unnoticed. */
import { existsSync } from 'node:fs'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const SHELLS = ['/usr/bin/chromium-headless-shell']

/** Where it is; undefined where there is none. @throws Error in CI where there is none */
export const chromiumPath = process.env.CHROMIUM ?? PATHS.find((at) => existsSync(at))

const shell = process.env.BROWSER_TESTS === 'all' ? undefined : SHELLS.find((at) => existsSync(at))

/**
 * The same Chromium without what stands around a page, notifications among that, which takes two thirds of the time; where
 * there is none, and where everything is tested, the whole.
 */
export const shellPath = chromiumPath && (process.env.CHROMIUM ?? shell ?? chromiumPath)

if (chromiumPath === undefined) {
  const words = 'there is no Chromium: the tests that need a browser are skipped (apt-get install chromium)'
  if (process.env.CI) throw new Error(words)
  process.stderr.write(`${words}\n`)
}
