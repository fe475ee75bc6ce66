import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

/** Logs once it is told to, and ends by itself. */
const PROGRAM = `
  const { makeLogger } = await import(process.argv[1])
  const log = makeLogger('info')
  process.stdin.once('data', () => {
    log.info('nobody hears this')
    log.fatal('nor this')
    process.exit(7)
  })`

test('a process whose log nobody reads any more logs its last line and ends', async () => {
  const logger = pathToFileURL(`${import.meta.dirname}/logger.ts`).href
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, logger])
  child.stdout.destroy()
  await once(child.stdout, 'close')
  child.stdin.end('now')

  const [code] = await once(child, 'exit')
  expect(code).toBe(7)
}, 20_000)
