import type { Endpoint } from '@confab/contract/endpoint'
import { codeBlock, indentByBraces } from './markdown.ts'
import { plain, type Schema, TypePrinter } from './print-type.ts'
import { printOperation, readEndpoints } from './render-contract.ts'

/** Every call of the API by feature: how it is called, what it does on the wire, and what it takes and answers. */
export async function renderOperations(): Promise<string> {
  const groups = Map.groupBy(await readEndpoints(), ({ tag }) => tag)
  return [...groups].map(([tag, endpoints]) => renderFeature(tag, endpoints)).join('\n\n')
}

function renderFeature(tag: string, endpoints: readonly Endpoint[]): string {
  const printer = new TypePrinter()
  const types = indentByBraces(endpoints.map((endpoint) => printOperation(printer, endpoint)).join('\n'))
  return [
    `#### api.${tag}`,
    ['| call | request | what it does | answers |', '|---|---|---|---|', ...endpoints.map(renderRow)].join('\n'),
    `<details><summary>What they take and answer</summary>`,
    codeBlock(types),
    '</details>',
  ].join('\n\n')
}

function renderRow({ operationId, method, path, summary, responses, ...parts }: Endpoint): string {
  const given = (['params', 'query', 'body'] as const).flatMap((name) => {
    const schema = parts[name]
    return schema ? [`${name}${plain(schema).required?.length ? '' : '?'}`] : []
  })
  const input = given.length > 0 ? `{ ${given.join(', ')} }` : ''
  const replies = Object.entries(responses).flatMap(([status, schema]) =>
    status.startsWith('2') ? [describe(plain(schema))] : [],
  )
  const cells = [`\`${operationId}(${input})\``, `\`${method} ${path}\``, summary, [...new Set(replies)].join(' or ')]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** An answer in a word: the name of its type, or the names of its fields. */
function describe(schema: Schema): string {
  const { title, type, items, properties = {}, anyOf } = schema
  if (anyOf) return anyOf.map(describe).join(' or ')
  if (title === 'Nothing') return 'nothing'
  if (title) return `\`${title}\``
  if (type === 'array' && items?.title) return `\`${items.title}[]\``
  return `\`{ ${Object.keys(properties).join(', ')} }\``
}
