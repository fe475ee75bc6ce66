/** A Vite plugin that makes `sw.js`: the service worker, with the names of the files that it keeps. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build, type Plugin } from 'vite'

/** Loaded when they are wanted: fonts of scripts that are seen. The browser keeps them itself. */
const NOT_KEPT = /\.(map|woff2)$/

/** Builds the worker once everything else is: a build with another file is another worker. */
export function serviceWorker(): Plugin {
  let root = ''
  let server = ''
  return {
    name: 'confab:service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root
      server = config.env.VITE_CONFAB_URL ?? ''
    },
    generateBundle: {
      // The first page is among the files only after all others have been at it.
      order: 'post',
      async handler(_, bundle) {
        const built = Object.values(bundle).filter((file) => !isEmoji(file) && !file.fileName.startsWith('.vite'))
        const published = publicFiles(path.join(root, 'public'))
        const files = [...built.map(({ fileName }) => fileName), ...published].filter((file) => !NOT_KEPT.test(file))
        const paths = [...new Set(files.map((file) => `/${file}`))].sort()
        if (!paths.includes('/index.html')) throw new Error('the first page is not among the files of the build')
        const hash = createHash('sha256').update(JSON.stringify(paths))
        for (const file of built) if (file.type === 'asset' && file.fileName === 'index.html') hash.update(file.source)
        for (const file of published) hash.update(readFileSync(path.join(root, 'public', file)))
        const define = {
          __FILES__: JSON.stringify(paths),
          __BUILD__: `"${hash.digest('hex').slice(0, 12)}"`,
          __SERVER__: JSON.stringify(server),
        }
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: await buildWorker(root, define) })
      },
    },
  }
}

/** Names of emoji in a language: bigger than the rest of a view, and for the picker alone. */
function isEmoji(file: { type: string; facadeModuleId?: string | null }): boolean {
  return file.facadeModuleId?.includes('virtual:emoji/') ?? false
}

function publicFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/') : [],
  )
}

/** One file without imports, as every browser takes it. */
async function buildWorker(root: string, define: Record<string, string>): Promise<string> {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define,
    build: {
      write: false,
      rolldownOptions: { input: path.join(root, 'worker/service-worker.ts'), output: { format: 'iife' } },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const [chunk] = output && 'output' in output ? output.output : []
  if (chunk?.type !== 'chunk') throw new Error('the service worker was not built')
  return chunk.code
}
