import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'

const logger = pathToFileURL(`${import.meta.dirname}/logger.ts`).href

/** A process that logs once it is told to, and ends by itself; a shell may lead its output elsewhere. */
function start(logs: string, redirection = '') {
  const program = `
    const { once } = await import('node:events')
    const { makeLogger } = await import(process.argv[1])
    const log = makeLogger('info')
    // As in the program itself: a pipe that is looked at like this does not wait for its reader.
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

const LINES = 20_000

/** Nearly what is kept while nobody takes it, and more than any pipe holds. */
const KEPT_BYTES = 1_000_000
const MANY = `for (let line = 0; line < ${LINES}; line++) log.info({ line }, 'x'.repeat(100))`

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

test('a process whose log is not taken for a while goes on, and logs again once it is, each line whole and in order', async () => {
  const child = start(`
    ${MANY}
    process.stderr.write('it goes on')
    let line = ${LINES}
    setInterval(() => log.info({ line: line++ }, 'y'.repeat(100)), 5)
    await new Promise(() => {})`)
  child.stdin.write('now')
  expect(String((await once(child.stderr, 'data'))[0])).toBe('it goes on')

  const numbers: number[] = []
  for await (const text of createInterface(child.stdout)) {
    numbers.push(JSON.parse(text).line)
    if (numbers.filter((number) => number >= LINES).length === 3) break
  }

  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
  const [first, ...others] = numbers.slice(-3)
  expect(others).toEqual([1, 2].map((more) => (first ?? Number.NaN) + more))
  const kept = numbers.filter((number) => number < LINES)
  expect(kept.length).toBeLessThan(LINES)
  expect(kept).toEqual(kept.map((_, index) => index))
}, 20_000)

describe('what was not taken', () => {
  const startUntaken = async () => {
    const child = start(`
      ${MANY}
      process.stderr.write('it waits')
      await once(process.stdin, 'data')`)
    child.stdin.write('now')
    await once(child.stderr, 'data')
    return child
  }

  test('is offered again by itself', async () => {
    const child = await startUntaken()
    let bytes = 0
    for await (const chunk of child.stdout) {
      bytes += chunk.length
      if (bytes > KEPT_BYTES) break
    }
    expect(bytes).toBeGreaterThan(KEPT_BYTES)
  }, 20_000)

  test('is offered until it is taken as the process ends', async () => {
    const child = await startUntaken()
    child.stdin.end('end')
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) lines.push(line)

    expect(lines.join('\n').length).toBeGreaterThan(KEPT_BYTES)
    expect(lines.map((text) => JSON.parse(text).line)).toEqual(lines.map((_, index) => index))
  }, 20_000)

  test('does not keep a process from ending', async () => {
    const child = await startUntaken()
    child.stdin.end('end')
    const [code] = await once(child, 'exit')
    expect(code).toBe(7)
  }, 20_000)
})
