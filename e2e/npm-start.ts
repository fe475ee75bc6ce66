import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@confab/testkit/temporary-folder'

/** A server that `npm start` runs, as a stranger starts it: an empty data folder, and nothing configured but the port. */
export type StartedServer = Readonly<{
  url: string
  /** What it printed when it was ready. */
  banner: string
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>
}>

/** Longer than any start takes, on a busy machine too. */
const START_MS = 100_000

const root = fileURLToPath(new URL('..', import.meta.url))

/** @throws Error with what it printed where it ends before it is ready */
export async function npmStart(): Promise<StartedServer> {
  const folder = await temporaryFolder('confab-e2e-')
  const { PATH = '', HOME = folder } = process.env
  const env = { PATH, HOME, PORT: '0', DATA_DIR: path.join(folder, 'data') }
  const child = spawn('npm', ['start'], { cwd: root, env })
  const closed = once(child, 'close')
  const ready = Promise.withResolvers<string>()
  let banner = ''
  let complaints = ''
  child.stdout.on('data', (chunk) => {
    banner += chunk
    const url = /address +(\S+)[\s\S]*create-admin/.exec(banner)?.[1]
    if (url) ready.resolve(url)
  })
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  void closed.then(() => ready.reject(new Error(`npm start ended: ${banner}${complaints}`)))
  const timer = setTimeout(() => {
    child.kill('SIGTERM')
    ready.reject(new Error(`npm start is not ready: ${banner}${complaints}`))
  }, START_MS)
  const url = await ready.promise.finally(() => clearTimeout(timer))
  return {
    url,
    banner,
    stop: async () => {
      child.kill('SIGTERM')
      await closed
      await rm(folder, { recursive: true, force: true })
      return child.exitCode
    },
  }
}
