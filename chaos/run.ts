/** `npm run chaos`: breaks things at random while clients talk, and checks that nothing was lost, doubled or leaked. */
import { runChaos } from './harness.ts'
import { parseOptions, usage } from './options.ts'
import { describeResult, describeViolations } from './report.ts'
import { endRun } from './stack/end.ts'

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  process.stdout.write(`seed ${options.seed}\n`)
  const result = await runChaos(options, (line) => process.stdout.write(`${line}\n`))
  process.stdout.write(`\n${describeResult(options, result)}\n`)
  if (options.isKept) process.stdout.write(`the logs are kept in ${result.folder}\n`)
  const { violationCount } = result.trace
  if (violationCount > 0) process.stdout.write(`\n${describeViolations(options, result)}\n`)
  return violationCount === 0 ? 0 : 1
}

let isEnding = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isEnding) return
    isEnding = true
    process.stdout.write(`ended by ${signal}\n`)
    void endRun().finally(() => process.exit(130))
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
} finally {
  if (!isEnding) await endRun()
}
// Sockets that are still closing need not be waited for.
if (!isEnding) process.exit()
