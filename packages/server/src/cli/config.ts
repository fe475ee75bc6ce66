import type { Command } from 'commander'
import { describeSettings, loadConfig, showConfig } from '../config.ts'
import { reporting } from './report.ts'

/** `confab config`: what the environment and `.env` amount to. */
export function registerConfig(program: Command): void {
  program
    .command('config')
    .description('print the effective configuration, secrets hidden')
    .option('--markdown', 'print the table of all variables for the documentation instead')
    .action(
      reporting(async ({ markdown }: { markdown?: boolean }) => {
        process.stdout.write(markdown ? describeSettings() : printConfig())
      }),
    )
}

function printConfig(): string {
  const lines = showConfig(loadConfig(process.env, { envFile: '.env' })).map(({ name, value }) => `${name}=${value}\n`)
  return lines.join('')
}
