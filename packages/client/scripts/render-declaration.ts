import type { Docstring } from './docstring.ts'
import { codeBlock, indentByBraces } from './markdown.ts'
import type { Declaration, Member, Sources } from './read-api.ts'
import { listPrivateTypes, listTypes } from './references.ts'

/** A name of the package: its heading, what it is, its signature, and the types in that. */
export function renderDeclaration(sources: Sources, declaration: Declaration): string {
  const { name, file, kind, doc, signature, members } = declaration
  const constructing = members.find((member) => member.name === 'constructor')
  const code = [signature, ...(constructing ? [constructing.signature] : []), ...listPrivateTypes(sources, declaration)]
  const blocks = [
    `### ${name}`,
    doc.text,
    codeBlock(file.endsWith('.gen.ts') ? indentByBraces(signature) : code.join(kind === 'type' ? '\n\n' : '\n')),
    renderTags(doc),
    constructing ? renderTags(constructing.doc) : '',
    renderTypes(listTypes(sources, { name, file, signature: code.join('\n') })),
    renderMembers(sources, declaration),
    doc.example ? codeBlock(doc.example) : '',
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

function renderTags({ params, returns, throws }: Docstring): string {
  return [
    ...params.map((param) => `- ${renderParam(param)}`),
    ...(returns ? [`- Returns ${returns}.`] : []),
    ...(throws ? [`- Throws ${renderThrows(throws)}.`] : []),
  ].join('\n')
}

function renderParam(param: string): string {
  const [, name, text] = /^(\S+)\s+(.*)$/s.exec(param) ?? []
  return `\`${name}\`: ${text}.`
}

/** The errors of a docstring: class names and codes are code, whether in a list of them or in a sentence. */
function renderThrows(text: string): string {
  const throws = text.replace(/^ConfabError ([a-z_]+(?:, [a-z_]+)*)$/, (_, codes: string) => {
    return `ConfabError ${codes.replace(/[a-z_]+/g, '`$&`')}`
  })
  return throws.replace(/\.$/, '').replace(/(?<![`.\w])([A-Z]\w*Error|[a-z]+(?:_[a-z]+)+)(?![`\w])/g, '`$1`')
}

function renderTypes(names: readonly string[]): string {
  return names.length === 0 ? '' : `Types: ${names.map((name) => `\`${name}\``).join(', ')}`
}

/** The members one after the other. What has no docstring in a class that implements something is documented there. */
function renderMembers(sources: Sources, declaration: Declaration): string {
  const isDocumentedElsewhere = ({ doc }: Member) => doc.text === '' && / implements /.test(declaration.signature)
  const shown = declaration.members.filter((member) => member.name !== 'constructor' && !isDocumentedElsewhere(member))
  return shown.map((member) => renderMember(sources, declaration, member)).join('\n')
}

function renderMember(sources: Sources, { file, name }: Declaration, { signature, doc }: Member): string {
  const types = listTypes(sources, { file, name, signature })
  const throws = doc.throws ? `Throws ${renderThrows(doc.throws)}.` : ''
  const returns = doc.returns ? `Returns ${doc.returns}.` : ''
  const params = doc.params.map(renderParam)
  const example = doc.example ? `For example \`${doc.example}\`.` : ''
  const text = [doc.text, ...params, returns, throws, example].filter((part) => part !== '').join(' ')
  const links = types.length === 0 ? '' : ` (${types.map((type) => `\`${type}\``).join(', ')})`
  return `- **\`${signature.replace(/\s+/g, ' ')}\`**${text && `<br>${text}`}${links}`
}
