/**
 * Renders the reference of the package as one page of Markdown. TypeDoc is not used for it: it needs a compiler older than
 * ours beside it (45 MB installed), and prints inferred types taken apart where the sources have a name for them.
 */
import { addLinks, anchorOf } from './markdown.ts'
import { type Declaration, Sources } from './read-api.ts'
import { findFaults } from './references.ts'
import { renderDeclaration } from './render-declaration.ts'
import { renderOperations } from './render-operations.ts'

/** The parts of the page, and the files whose names are in them. A name of any other file has no place, which fails. */
const SECTIONS: readonly Readonly<{ title: string; intro: string; files: readonly string[] }>[] = [
  {
    title: 'The client object',
    intro: '`createClient` makes it; everything else is reached through it.',
    files: [
      'client.ts',
      'rooms/api.ts',
      'messages/api.ts',
      'notifications/api.ts',
      'people/api.ts',
      'typing/api.ts',
      'outbox/outbox.ts',
    ],
  },
  {
    title: 'The local model',
    intro: 'What `chat.state` is made of, ways to read it, and ways to hear of changes.',
    files: ['state.ts', 'selectors.ts', 'receipts/reducers.ts', 'store.ts'],
  },
  {
    title: 'Calls of the API',
    intro: '`chat.api` has every call of the server as a function, `chat.http` makes them by name.',
    files: ['api.ts', 'http.ts', 'transfer.ts', 'paging.ts', 'errors.ts'],
  },
  {
    title: 'Hooks for React',
    intro: 'Imported from `@confab/client/react`.',
    files: ['react/index.ts'],
  },
  {
    title: 'Kept on the device',
    intro: 'Where tokens, unsent messages and the model are kept, and what a place of one’s own has to do.',
    files: [
      'tokens.ts',
      'outbox/store.ts',
      'outbox/indexed-db.ts',
      'cache/store.ts',
      'cache/indexed-db.ts',
      'cache/parts.ts',
    ],
  },
  {
    title: 'The socket',
    intro: '`ChatClient` opens it by itself; alone it is for programs that want frames and no model.',
    files: ['connection.ts', 'socket.ts', 'positions.ts', 'environment.ts', 'frames.ts'],
  },
  {
    title: 'Types of the wire',
    intro: 'What the server sends and takes, printed from its contract.',
    files: ['contract.gen.ts'],
  },
]

const HEAD = `<!-- Made by \`npm run gen\` from the docstrings; do not edit. -->

# Reference of \`@confab/client\`

Every name that the package exports. How they belong together is in [the client library](client.md).`

/** The text of the page. @throws Error with every name that has no docstring, no place, or types that are not exported */
export async function renderReference(folder: string): Promise<string> {
  const sources = new Sources(folder)
  const declarations = ['index.ts', 'react/index.ts'].flatMap((entry) => sources.listExports(entry))
  const faults = findFaults(sources, declarations, new Set(SECTIONS.flatMap(({ files }) => files)))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const sections = SECTIONS.map(({ title, intro, files }) => {
    return { title, intro, own: files.flatMap((file) => declarations.filter((one) => one.file === file)) }
  })
  const operations = await renderOperations()
  const render = (one: Declaration) =>
    one.name === 'Operations' ? `### Operations\n\n${one.doc.text}\n\n${operations}` : renderDeclaration(sources, one)
  const contents = sections.map(({ title, own }) => `- [${title}](#${anchorOf(title)}): ${own.map(linkTo).join(', ')}`)
  const bodies = sections.map(({ title, intro, own }) => [`## ${title}`, intro, ...own.map(render)].join('\n\n'))
  const page = [HEAD, contents.join('\n'), ...bodies].join('\n\n')
  return `${addLinks(page, new Set(declarations.map(({ name }) => name)))}\n`
}

function linkTo({ name }: Declaration): string {
  return `[${name}](#${anchorOf(name)})`
}
