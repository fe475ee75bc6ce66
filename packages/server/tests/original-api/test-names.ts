/** Which tests a file has, as it is written: no test is run, and no server started. */
import { format } from 'node:util'
import { type Argument, type CallExpression, parseSync, Visitor } from 'oxc-parser'

/** The lists of a file that have a name, by it: cases of tests are kept in some. */
type Lists = ReadonlyMap<string, readonly (Argument | null)[]>

/**
 * The names of the tests of a file, after those of what describes them: `one room › unknown`. Cases of a table that are
 * written as text are tests of their own; where a table is computed, its pattern stands for all of them.
 */
export function testNamesOf(file: string, text: string): string[] {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const lists = new Map<string, readonly (Argument | null)[]>()
  const within: string[] = []
  const found: string[] = []
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init?.type === 'ArrayExpression') lists.set(id.name, init.elements)
    },
    CallExpression: (call) => {
      if (isCallOf(call, 'describe')) within.push(textOf(call.arguments[0]) ?? '')
      for (const name of namesIn(call, lists)) found.push([...within, name].join(' › '))
    },
    'CallExpression:exit': (call) => {
      if (isCallOf(call, 'describe')) within.pop()
    },
  }).visit(program)
  return found
}

function namesIn(call: CallExpression, lists: Lists): string[] {
  const [first, second] = call.arguments
  if (isCallOf(call, 'test')) return [textOf(first) ?? '']
  if (isCallOf(call, 'replay')) return casesOf(second, lists)
  const { callee } = call
  if (callee.type !== 'CallExpression' || callee.callee.type !== 'MemberExpression') return []
  const pattern = textOf(first) ?? ''
  const cases = casesOf(callee.arguments[0], lists)
  return cases.length > 0 ? cases.map((one) => format(pattern, one)) : [pattern]
}

function isCallOf({ callee }: CallExpression, name: string): boolean {
  return callee.type === 'Identifier' && callee.name === name
}

/** The first text of each row of a table, or the rows themselves; none where some are computed. */
function casesOf(table: Argument | undefined, lists: Lists): string[] {
  const rows = rowsOf(table, lists)
  const texts = rows.map((row) => textOf(row?.type === 'ArrayExpression' ? row.elements[0] : row))
  return texts.every((text) => text !== undefined) ? texts : []
}

function rowsOf(table: Argument | undefined, lists: Lists): readonly (Argument | null)[] {
  if (table?.type === 'Identifier') return lists.get(table.name) ?? []
  return table?.type === 'ArrayExpression' ? table.elements : []
}

function textOf(node: Argument | null | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}
