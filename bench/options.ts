import { parseArgs } from 'node:util'

/** What a run was asked for. */
export type Options = Readonly<{
  only: readonly string[]
  seconds: number
  minutes: number
  url: string | undefined
  tokens: readonly string[]
  pid: number | undefined
}>

const DEFAULT_SECONDS = 8
const DEFAULT_MINUTES = 10

/**
 * Reads the arguments of `npm run bench`.
 *
 * @param groups the names that `--only` may have
 * @throws Error that says what is wrong
 */
export function parseOptions(args: readonly string[], groups: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seconds: { type: 'string', default: String(DEFAULT_SECONDS) },
      minutes: { type: 'string', default: String(DEFAULT_MINUTES) },
      url: { type: 'string' },
      token: { type: 'string', multiple: true, default: [] },
      pid: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const only = values.only.flatMap((names) => names.split(','))
  const unknown = only.find((name) => !groups.includes(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected some of ${groups.join(', ')}`)
  const seconds = readNumber('--seconds', values.seconds)
  const minutes = readNumber('--minutes', values.minutes)
  const tokens = values.token.flatMap((token) => token.split(','))
  if (tokens.length === 1) throw new Error('--token: at least two people are needed, so two tokens')
  const pid = values.pid === undefined ? undefined : readNumber('--pid', values.pid)
  return { only, seconds, minutes, url: values.url, tokens, pid }
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new Error(`${name} ${text}: expected a number above 0`)
  return number
}

/** What `--help` says. */
export function usage(
  groups: readonly { name: string; about: string; worksAnywhere: boolean; isOptional?: boolean }[],
): string {
  const width = Math.max(...groups.map(({ name }) => name.length)) + 2
  return [
    'npm run bench -- [options]',
    '',
    '  --only NAME[,NAME]  measure these only:',
    ...groups.map(
      ({ name, about, isOptional }) =>
        `                        ${name.padEnd(width)}${about}${isOptional ? '; only where it is named' : ''}`,
    ),
    `  --seconds N         how long each figure is measured (${DEFAULT_SECONDS})`,
    `  --minutes N         how long the soak lasts (${DEFAULT_MINUTES})`,
    '  --url URL           a server that runs already, instead of one started here; measures',
    `                      ${groups.flatMap((group) => (group.worksAnywhere ? [group.name] : [])).join(', ')} only`,
    '  --token T,T[,…]     access tokens of people of that server; without, people are registered',
    '  --pid N             its process, if it runs on this machine, to see what it costs',
  ].join('\n')
}
