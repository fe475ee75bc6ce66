/** The system's Chromium. Without one the tests that need it are skipped, but in CI, where that would go unnoticed. */
import { existsSync } from 'node:fs'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where it is; undefined where there is none. @throws Error in CI where there is none */
export const chromiumPath = process.env.CHROMIUM ?? PATHS.find((at) => existsSync(at))

if (chromiumPath === undefined) {
  const words = 'there is no Chromium: the tests that need a browser are skipped (apt-get install chromium)'
  if (process.env.CI) throw new Error(words)
  process.stderr.write(`${words}\n`)
}
