/**
 * `npm run new:feature notes`: makes the files of a feature that works, something that members keep in a room, with a
 * test that passes once it is registered; and says how to register it. What it makes is to be changed into what is wanted.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Names, templates } from './new-feature/templates.ts'

const root = path.resolve(import.meta.dirname, '..')

function readNames([many, one = many?.replace(/s$/, '')]: readonly string[]): Names {
  if (!many || !one || !/^[a-z]+$/.test(many) || !/^[a-z]+$/.test(one) || one === many) {
    throw new Error(
      'usage: npm run new:feature PLURAL [SINGULAR], in small letters, for example: npm run new:feature notes',
    )
  }
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  return { many, one, Many: capital(many), One: capital(one) }
}

async function nextMigration(): Promise<string> {
  const taken = await readdir(path.join(root, 'packages/server/src/db/migrations'))
  return String(Math.max(0, ...taken.map((name) => Number.parseInt(name, 10))) + 1).padStart(4, '0')
}

function describe(names: Names, files: readonly string[]): string {
  const { many, one, Many, One } = names
  return `Made:
${files.map((file) => `  ${file}`).join('\n')}

To register it:
  packages/server/src/app.ts                       import { ${one}Routes } from './features/${many}/routes.ts'
                                                   and in registerFeatures:  ${one}Routes(host)
  packages/server/tests/import-rules.ts            '${many}' in the list of features, after those that it uses
  packages/server/tests/authorization/matrix.ts    list${Many}: { expects: members(200) },
                                                   create${One}: { expects: members(201), body: () => ({ content: 'hello' }) },
Then:
  npm run gen                                      the types of the new table
  npx vitest run packages/server/src/features/${many}
docs/add-a-feature.md goes on from here.
`
}

try {
  const names = readNames(process.argv.slice(2))
  const made = templates(names, await nextMigration())
  const files = Object.keys(made)
  const taken = files.filter((file) => existsSync(path.join(root, file)))
  if (taken.length > 0) throw new Error(`there is such a feature already: ${taken.join(', ')}`)
  for (const [file, text] of Object.entries(made)) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true })
    await writeFile(path.join(root, file), text, { flag: 'wx' })
  }
  process.stdout.write(describe(names, files))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
