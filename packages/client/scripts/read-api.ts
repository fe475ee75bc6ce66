/** Reads what the package exports out of its sources: every name with its docstring and its signature, without bodies. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Class, type Comment, parseSync, type Statement } from 'oxc-parser'
import { type Docstring, parseDocstring } from './docstring.ts'
import { SignaturePrinter } from './print-signature.ts'

/** A public member of a class. */
export type Member = Readonly<{ name: string; signature: string; doc: Docstring }>

/** An exported name. */
export type Declaration = Readonly<{
  name: string
  /** Where it is declared, from the folder of the sources on. */
  file: string
  kind: 'function' | 'class' | 'type'
  signature: string
  doc: Docstring
  /** Of a class; types show theirs in their signature. */
  members: readonly Member[]
}>

/** A file: what it declares, exports, and takes from other files of the package. */
export type Source = Readonly<{
  declarations: ReadonlyMap<string, Declaration & { isExported: boolean }>
  imports: ReadonlySet<string>
  exports: readonly Export[]
}>

/** An export of one name, or of all where it has none; `from` another file, or declared here. */
type Export = Readonly<{ name: string | undefined; from: string | undefined; isType: boolean }>

/** The sources of a folder, each read once. */
export class Sources {
  readonly #folder: string
  readonly #known = new Map<string, Source>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** A file, by its path from the folder on. @throws Error where it is no TypeScript */
  read(file: string): Source {
    const known = this.#known.get(file) ?? readSource(file, readFileSync(path.join(this.#folder, file), 'utf8'))
    this.#known.set(file, known)
    return known
  }

  /**
   * What a module exports, in its order; `export type *` gives its types only.
   *
   * @throws Error where it exports something else than functions, classes and types by its name
   */
  listExports(file: string): Declaration[] {
    return this.read(file).exports.flatMap(({ name, from, isType }) => {
      const declared = [...this.read(from ?? file).declarations.values()].filter(({ isExported }) => isExported)
      if (name === undefined) return declared.filter(({ kind }) => !isType || kind === 'type')
      const meant = declared.find((one) => one.name === name)
      if (!meant) throw new Error(`${file} exports ${name}, which cannot be described`)
      // Of a class that is exported as a type nobody can make one.
      return [isType ? { ...meant, members: meant.members.filter((member) => member.name !== 'constructor') } : meant]
    })
  }
}

function readSource(file: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const resolve = (specifier: string) => path.posix.join(path.posix.dirname(file), specifier)
  const reader = new DeclarationReader(file, text, comments)
  const declarations = program.body.flatMap((node) => {
    const exported = node.type === 'ExportNamedDeclaration' ? node.declaration : null
    const declaration = exported ? reader.readExported(exported, node.start) : reader.readType(node, node.start)
    return declaration ? [{ ...declaration, isExported: exported !== null }] : []
  })
  const imports = module.staticImports.flatMap(({ moduleRequest: { value }, entries }) =>
    value.startsWith('.') ? entries.map(({ localName }) => localName.value) : [],
  )
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.map(({ exportName, moduleRequest, isType }) => ({
      name: exportName.name ?? undefined,
      from: moduleRequest ? resolve(moduleRequest.value) : undefined,
      isType,
    })),
  )
  return { declarations: new Map(declarations.map((one) => [one.name, one])), imports: new Set(imports), exports }
}

class DeclarationReader {
  readonly #file: string
  readonly #text: string
  readonly #comments: readonly Comment[]
  readonly #printer: SignaturePrinter

  constructor(file: string, text: string, comments: readonly Comment[]) {
    this.#file = file
    this.#text = text
    this.#comments = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    this.#printer = new SignaturePrinter(text)
  }

  /** What is exported, where it is something that has a place in an API. Its docstring ends before `start`. */
  readExported(node: Statement, start: number): Declaration | undefined {
    const common = { file: this.#file, doc: this.#docBefore(start), members: [] }
    if (node.type === 'FunctionDeclaration' && node.id) {
      return { ...common, name: node.id.name, kind: 'function', signature: this.#printer.printFunction(node) }
    }
    if (node.type === 'ClassDeclaration' && node.id) {
      const signature = this.#printer.printClass(node)
      return { ...common, name: node.id.name, kind: 'class', signature, members: this.#listMembers(node) }
    }
    return this.readType(node, start)
  }

  /** The same of types only. */
  readType(node: Statement, start: number): Declaration | undefined {
    if (node.type !== 'TSTypeAliasDeclaration' && node.type !== 'TSInterfaceDeclaration') return undefined
    const { name } = node.id
    const signature = this.#printer.slice(node)
    return { name, file: this.#file, kind: 'type', signature, doc: this.#docBefore(start), members: [] }
  }

  #listMembers(node: Class): Member[] {
    return node.body.body.flatMap((member) => {
      const printed = this.#printer.printMember(member, node.id?.name ?? '')
      return printed ? [{ ...printed, doc: this.#docBefore(member.start) }] : []
    })
  }

  /** The docstring that ends right before a place. */
  #docBefore(start: number): Docstring {
    const comment = this.#comments.findLast(({ end }) => end <= start)
    const isNext = comment && this.#text.slice(comment.end, start).trim() === ''
    return parseDocstring(isNext ? comment.value : '')
  }
}
