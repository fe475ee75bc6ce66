/** `npm run bench`: measures what is promised, prints a table, and writes it to `bench/results/`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { endAll } from './children.ts'
import { foreignServer } from './foreign-server.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { isMet, type Result, ratioOf, toTable } from './report.ts'
import type { Context, RowGroup } from './rows/context.ts'
import { deflate } from './rows/deflate.ts'
import { disk } from './rows/disk.ts'
import { fanOut } from './rows/fan-out.ts'
import { gatewayFanOut } from './rows/gateway-fan-out.ts'
import { idle } from './rows/idle.ts'
import { reads } from './rows/reads.ts'
import { reconnect } from './rows/reconnect.ts'
import { redis } from './rows/redis.ts'
import { sends } from './rows/sends.ts'
import { soak } from './rows/soak.ts'
import { socketSends } from './rows/socket-sends.ts'
import { starts } from './rows/starts.ts'

const groups: readonly RowGroup[] = [
  sends,
  socketSends,
  fanOut,
  gatewayFanOut,
  redis,
  reconnect,
  deflate,
  idle,
  disk,
  starts,
  reads,
  soak,
]

const folder = fileURLToPath(new URL('./results/', import.meta.url))

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}

async function run(options: Options): Promise<Result[]> {
  const foreign = options.url === undefined ? undefined : foreignServer({ ...options, url: options.url })
  const results: Result[] = []
  const context: Context = {
    seconds: options.seconds,
    minutes: options.minutes,
    foreign,
    measured: (name) => results.find((result) => result.name === name),
    say,
  }
  const wanted = groups.filter(
    (group) =>
      (options.only.includes(group.name) || (options.only.length === 0 && !group.isOptional)) &&
      (group.worksAnywhere || foreign === undefined),
  )
  for (const group of wanted) {
    say(`${group.name}: ${group.about}`)
    try {
      for await (const result of group.run(context)) results.push(result)
    } catch (error) {
      process.exitCode = 1
      say(`${group.name} failed: ${error instanceof Error ? error.stack : error}`)
    }
  }
  return results
}

/** The figures for programs, with what is needed to compare them. */
async function save(results: readonly Result[], options: Options): Promise<string> {
  const at = new Date().toISOString()
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
  const rows = results.map((result) => ({ ...result, ratio: ratioOf(result), isMet: isMet(result) }))
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, `${at.slice(0, 19).replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify({ at, seconds: options.seconds, machine, rows }, null, 2)}\n`)
  return path.relative(process.cwd(), file)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    say('ending what was started')
    await endAll()
    process.exit(130)
  })
}

try {
  const options = parseOptions(
    process.argv.slice(2),
    groups.map((group) => group.name),
  )
  if (options === 'help') {
    process.stdout.write(`${usage(groups)}\n`)
  } else {
    const results = await run(options)
    process.stdout.write(`${toTable(results)}\n\n${await save(results, options)}\n`)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  await endAll()
}
