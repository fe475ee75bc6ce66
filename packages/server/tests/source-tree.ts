/** Reads the sources of the repository as a graph of files and imports, type-only ones included. */
import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, parseSync, Visitor } from 'oxc-parser'

/** The folder that all paths here are relative to. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')

/** A function and how long it is. */
export type MeasuredFunction = { name: string; line: number; lines: number }

/** A file of ours: what it imports, as it is written and, where that is a file of ours too, as a path. */
export type SourceFile = {
  path: string
  lines: number
  imports: { specifier: string; target: string | undefined }[]
  functions: MeasuredFunction[]
}

/** All files that people write; generated ones and dependencies are not among them. */
export async function readSources(): Promise<SourceFile[]> {
  const found: SourceFile[] = []
  for await (const file of glob('{packages,bench,chaos,e2e,scripts}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: isForeign,
  })) {
    if (!/\.(gen|d)\.tsx?$/.test(file)) found.push(readSource(file, readFileSync(path.join(root, file), 'utf8')))
  }
  return found
}

function isForeign(name: string): boolean {
  return /(^|\/)(node_modules|dist)$/.test(name)
}

/** Reads one file. Its path is relative to the root of the repository. */
export function readSource(file: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const specifiers = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) => entry.entries.map((one) => one.moduleRequest?.value)),
    ...indirectImports(program),
  ].filter((specifier) => typeof specifier === 'string')
  return {
    path: file,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [...new Set(specifiers)].map((specifier) => ({ specifier, target: targetOf(file, specifier) })),
    functions: measureFunctions(program, text),
  }
}

/** `import('…')` in code and in types. */
function indirectImports(program: Program): string[] {
  const found: string[] = []
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') found.push(source.value)
    },
    TSImportType: ({ source }) => {
      found.push(source.value)
    },
  }).visit(program)
  return found
}

/** The file that is meant: a relative path, or a package of ours through its `exports`. */
function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return path.join(path.dirname(from), specifier)
  const match = /^@confab\/(\w+)(?:\/(.+))?$/.exec(specifier)
  if (!match) return undefined
  const file = `packages/${match[1]}/src/${match[2] ?? 'index'}`
  return existsSync(path.join(root, `${file}/index.ts`)) ? `${file}/index.ts` : `${file}.ts`
}

type Spanned = { start: number; end: number }

function measureFunctions(program: Program, text: string): MeasuredFunction[] {
  const found: MeasuredFunction[] = []
  const lineAt = lineCounter(text)
  const measure = (node: Spanned, name: string | undefined) => {
    const line = lineAt(node.start)
    found.push({ name: name ?? 'anonymous', line, lines: lineAt(node.end) - line + 1 })
  }
  new Visitor({
    FunctionDeclaration: (node) => measure(node, node.id?.name),
    FunctionExpression: (node) => measure(node, node.id?.name),
    ArrowFunctionExpression: (node) => measure(node, undefined),
  }).visit(program)
  return found
}

function lineCounter(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\n/g)].map((match) => match.index)
  return (offset) => {
    const index = ends.findIndex((end) => end >= offset)
    return (index === -1 ? ends.length : index) + 1
  }
}
