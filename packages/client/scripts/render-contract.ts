import { glob } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { closeCodes } from '@confab/contract/close-codes'
import type { Endpoint } from '@confab/contract/endpoint'
import { errorCatalogue } from '@confab/contract/errors'
import { durableEvents, signals } from '@confab/contract/events'
import { type CommandDefinition, commands } from '@confab/contract/gateway/commands'
import { PROTOCOL, Ready } from '@confab/contract/gateway/frames'
import { plain, type Schema, TypePrinter } from './print-type.ts'

const contract = path.resolve(import.meta.dirname, '../../contract/src')

/** The text of src/contract.gen.ts. */
export async function renderContract(): Promise<string> {
  const printer = new TypePrinter()
  const endpoints = await readEndpoints()
  printer.print(plain(Ready))
  const operations = endpoints.map((endpoint) => printOperation(printer, endpoint))
  const maps = [
    printMap('EventMap', 'The data of every durable event, by its name.', dataByName(durableEvents), printer),
    printMap('SignalMap', 'The data of every passing state, by its name.', dataByName(signals), printer),
    printCommands(printer),
  ]
  return [
    '// Made by `npm run gen -w @confab/client` from packages/contract; do not edit.\n',
    printer.interfaces,
    `/** What each call takes and answers, by its name. */\nexport type Operations = {\n${operations.join('\n')}\n}`,
    ...maps,
    `/** The stable name of a failure. */\nexport type ErrorCode =\n${printUnion(Object.keys(errorCatalogue))}`,
    printTable(endpoints),
    `/** The subprotocol of the gateway. */\nexport const PROTOCOL = ${JSON.stringify(PROTOCOL)}`,
    printCloseCodes(),
    '',
  ].join('\n\n')
}

/** The endpoints of every feature, by feature and name. */
export async function readEndpoints(): Promise<Endpoint[]> {
  const found: Endpoint[] = []
  for await (const file of glob('*/requests.ts', { cwd: contract })) {
    const module: Record<string, unknown> = await import(pathToFileURL(path.join(contract, file)).href)
    for (const value of Object.values(module)) if (isEndpoint(value)) found.push(value)
  }
  const key = ({ tag, operationId }: Endpoint) => `${tag} ${operationId}`
  return found.sort((one, other) => (key(one) < key(other) ? -1 : 1))
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'operationId' in value && 'responses' in value
}

/** A call as a member of `Operations`: what it takes, and what it answers where it succeeds. */
export function printOperation(printer: TypePrinter, endpoint: Endpoint): string {
  const replies = Object.entries(endpoint.responses).filter(([status]) => status.startsWith('2'))
  const reply = [...new Set(replies.map(([, schema]) => printer.print(plain(schema))))].join(' | ')
  const part = (name: 'params' | 'query' | 'body') => {
    const given = endpoint[name]
    if (!given) return ''
    const schema = plain(given)
    return `${name}${schema.required?.length ? '' : '?'}: ${printer.print(schema)}; `
  }
  const input = `{ ${part('params')}${part('query')}${part('body')}}`
  return `  /** ${endpoint.summary} */\n  ${endpoint.operationId}: { input: ${input}; reply: ${reply} }`
}

function dataByName(definitions: readonly { name: string; data: object }[]): Map<string, Schema> {
  return new Map(definitions.map(({ name, data }) => [name, plain(data)]))
}

function printMap(name: string, doc: string, entries: ReadonlyMap<string, Schema>, printer: TypePrinter): string {
  const lines = [...entries].map(([key, schema]) => `  ${JSON.stringify(key)}: ${printer.print(schema)}`)
  return `/** ${doc} */\nexport type ${name} = {\n${lines.join('\n')}\n}`
}

function printCommands(printer: TypePrinter): string {
  const lines = commands.map(({ name, summary, data, reply }: CommandDefinition) => {
    return `  /** ${summary} */\n  ${JSON.stringify(name)}: { data: ${printer.print(plain(data))}; reply: ${printer.print(plain(reply))} }`
  })
  return `/** What each command of the gateway takes and answers, by its name. */\nexport type CommandMap = {\n${lines.join('\n')}\n}`
}

function printUnion(names: readonly string[]): string {
  return names.map((name) => `  | ${JSON.stringify(name)}`).join('\n')
}

function printTable(endpoints: readonly Endpoint[]): string {
  const groups = [...Map.groupBy(endpoints, (endpoint) => endpoint.tag)].map(([tag, group]) => {
    const lines = group.map(({ operationId, method, path: at }) => `    ${operationId}: '${method} ${at}',`)
    return `  ${tag}: {\n${lines.join('\n')}\n  },`
  })
  return `/** Method and path of every call, by feature and name. */\nexport const operations = {\n${groups.join('\n')}\n} as const`
}

/** The code says what a client does, the name is for people. */
function printCloseCodes(): string {
  const lines = Object.entries(closeCodes).map(
    ([name, { code, reconnect }]) => `  ${code}: ['${name}', '${reconnect}'],`,
  )
  return `/** Close codes of the gateway: name, and whether coming back helps. */\nexport const closeCodes: Readonly<Record<number, readonly [string, 'yes' | 'after' | 'no']>> = {\n${lines.join('\n')}\n}`
}
