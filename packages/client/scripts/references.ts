/** Which names a signature speaks of, and where they are. */
import { anchorOf } from './markdown.ts'
import type { Declaration, Sources } from './read-api.ts'

type Signed = Pick<Declaration, 'file' | 'name' | 'signature'>

/** The names of the package in a signature, itself aside, in the order in which they occur. */
export function listTypes(sources: Sources, { file, name, signature }: Signed): string[] {
  const { declarations, imports } = sources.read(file)
  const isOurs = (word: string) => imports.has(word) || declarations.get(word)?.isExported === true
  return wordsOf(signature).filter((word) => word !== name && isOurs(word))
}

/** The declarations of types that a type is made of and that nobody else sees. */
export function listPrivateTypes(sources: Sources, { file, name, signature }: Signed): string[] {
  const { declarations } = sources.read(file)
  return wordsOf(signature).flatMap((word) => {
    const found = declarations.get(word)
    return found?.kind === 'type' && !found.isExported && word !== name ? [found.signature] : []
  })
}

/** The words that may name types, each once; comments and texts are left out. */
function wordsOf(signature: string): string[] {
  const code = signature.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^']*'|"[^"]*"/g, '')
  return [...new Set(code.match(/(?<![.\w#])[A-Z]\w*/g) ?? [])]
}

/** What is wrong with the exported names, as sentences. */
export function findFaults(
  sources: Sources,
  declarations: readonly Declaration[],
  places: ReadonlySet<string>,
): string[] {
  const exported = new Set(declarations.map(({ name }) => name))
  const anchors = new Set<string>()
  return declarations.flatMap((declaration) => {
    const { name, file, doc, members } = declaration
    const isTaken = anchors.has(anchorOf(name))
    anchors.add(anchorOf(name))
    const signatures = [declaration, ...members.map(({ signature }) => ({ file, name, signature }))]
    const hidden = new Set(signatures.flatMap((one) => listTypes(sources, one)).filter((type) => !exported.has(type)))
    return [
      // Resources are described by their fields.
      ...(doc.text === '' && !file.endsWith('.gen.ts') ? [`${name} in ${file} has no docstring`] : []),
      ...(places.has(file) ? [] : [`${name} in ${file} has no place in the reference`]),
      ...(isTaken ? [`${name} in ${file} differs from another name by its case only`] : []),
      ...[...hidden].map((type) => `${name} in ${file} speaks of ${type}, which is not exported`),
    ]
  })
}
