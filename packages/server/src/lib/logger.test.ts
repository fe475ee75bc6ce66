import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const logger = pathToFileURL(`${import.meta.dirname}/logger.ts`).href

/** A process that logs once it is told to, and ends by itself; a shell may lead its output elsewhere. */
function start(logs: string, redirection = '') {
  const program = `
    const { makeLogger } = await import(process.argv[1])
    const log = makeLogger('info')
    // As the program has it, this is looked at before the first line, which makes a pipe one that does not wait.
    process.stdout.on('error', () => {})
    process.stdin.once('data', async () => {
      ${logs}
      process.exit(7)
    })`
  const args = [process.execPath, '--input-type=module', '--eval', program, logger]
  const child = spawn('sh', ['-c', `exec "$0" "$@" ${redirection}`, ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const MANY = `for (let line = 0; line < 20_000; line++) log.info({ line }, 'x'.repeat(100))`

test('a process whose log nobody reads any more logs its last line and ends', async () => {
  const child = start(`log.info('nobody hears this'); log.fatal('nor this')`)
  child.stdout.destroy()
  child.stdin.end('now')

  const [code] = await once(child, 'exit')
  expect(code).toBe(7)
}, 20_000)

test.skipIf(!existsSync('/dev/full'))(
  'a process whose log has no room on its disk goes on without it, and ends',
  async () => {
    const child = start(`${MANY}; log.fatal('no room for this')`, '> /dev/full')
    child.stdin.end('now')

    const [code] = await once(child, 'exit')
    expect(code).toBe(7)
  },
  20_000,
)

test('a process whose log is not taken for a while goes on, and what is taken then is whole and in order', async () => {
  const child = start(`
    ${MANY}
    process.stderr.write('it goes on')
    await new Promise((resolve) => process.stdin.once('data', resolve))
    log.info('taken again')`)
  child.stdin.write('now')
  expect(String((await once(child.stderr, 'data'))[0])).toBe('it goes on')

  const taken = text(child.stdout)
  await once(child.stdout, 'data')
  child.stdin.end('take')
  const lines = (await taken).split('\n').filter(Boolean)

  const numbers = lines.flatMap((line) => JSON.parse(line).line ?? [])
  expect(numbers.length).toBeGreaterThan(100)
  expect(numbers.length).toBeLessThan(20_000)
  expect(numbers).toEqual(Array.from(numbers, (_, index) => index))
}, 20_000)
