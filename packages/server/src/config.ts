import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import type { Rate } from './config-kinds.ts'
import { rateSettings, type Setting, settings } from './config-table.ts'
import { errorCode, oneLine, reasonOf, StartError } from './lib/start-error.ts'

export type { Rate } from './config-kinds.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Values<Table> = { readonly [Field in keyof Table]: Table[Field] extends Setting<infer T> ? T : never }

/** What a rate limit can be about. */
export type RateClass = keyof typeof rateSettings

/** All that an operator can set, validated and frozen. Lists of origins and rates are frozen too. */
export type Config = Values<typeof settings> & { readonly rates: Readonly<Record<RateClass, Rate>> }

/** One line of `confab config`: the variable, its value as text with secrets hidden, and whether that is the default. */
export type ShownSetting = { readonly name: string; readonly value: string; readonly about: string }

/** An environment variable has a value that cannot be used. The message is one line: variable, value, what is expected. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError'
}

/**
 * Reads the configuration. A variable that is missing, empty or blank has its default.
 *
 * @param options.envFile a file of `NAME=value` lines that stands beneath `env`; it may be missing
 * @throws ConfigError at the first variable that is wrong
 */
export function loadConfig(env: Environment, options: { envFile?: string } = {}): Config {
  const all = options.envFile === undefined ? env : { ...readEnvFile(options.envFile), ...env }
  return Object.freeze({ ...readAll(settings, all), rates: Object.freeze(readAll(rateSettings, all)) })
}

/** The effective configuration for people to read, in the table's order, secrets hidden. */
export function showConfig(config: Config): ShownSetting[] {
  return [...showAll(settings, config), ...showAll(rateSettings, config.rates)]
}

/** The table of all variables in Markdown, as `docs/configuration.md` has it. */
export function describeSettings(): string {
  const rows = [...Object.values(settings), ...Object.values(rateSettings)].map(
    ({ name, fallback, kind, about }) =>
      `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${about}. Expects ${kind.expects}. |`,
  )
  return ['| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n')
}

function readAll<Table extends Readonly<Record<string, Setting<unknown>>>>(
  table: Table,
  env: Environment,
): Values<Table> {
  const values = Object.entries(table).map(([field, setting]) => [field, read(setting, env[setting.name])])
  // Exactly the table's fields, each read by its own kind: what `Values` says.
  return Object.fromEntries(values) as Values<Table>
}

function read<T>(setting: Setting<T>, given: string | undefined): T | undefined {
  const text = given?.trim() || setting.fallback
  if (text === undefined) return undefined
  const value = setting.kind.parse(text)
  if (value === undefined)
    throw new ConfigError(`${setting.name} is ${quote(setting, text)}: expected ${setting.kind.expects}`)
  return value
}

function quote(setting: Setting<unknown>, text: string): string {
  if (setting.isSecret) return `wrong (its value of ${text.length} characters is not shown)`
  return `"${oneLine(text.length > 80 ? `${text.slice(0, 80)}…` : text)}"`
}

function showAll<Table extends Readonly<Record<string, Setting<unknown>>>>(
  table: Table,
  values: Readonly<Record<keyof Table, unknown>>,
): ShownSetting[] {
  return Object.entries(table).map(([field, { name, kind, about }]) => {
    const value = values[field]
    return { name, about, value: value === undefined || value === null ? '' : kind.show(value) }
  })
}

function readEnvFile(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {}
    throw new ConfigError(`${path.resolve(file)} cannot be read: ${reasonOf(error)}`)
  }
}
