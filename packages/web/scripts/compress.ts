/** A Vite plugin that puts a `.br` and a `.gz` next to every file of the build for which that is worth it. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt|map)$/

/** Smaller files fit into one packet as they are. In bytes. */
const MIN_BYTES = 1_000

/** Compresses what was built, as hard as it goes: it is done once and sent often. */
export function compress(): Plugin {
  let folder = ''
  return {
    name: 'confab:compress',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      const files = await readdir(folder, { recursive: true })
      const compressible = files.filter((file) => COMPRESSIBLE.test(file) && !file.startsWith('.vite'))
      await Promise.all(compressible.map((file) => compressFile(path.join(folder, file))))
    },
  }
}

async function compressFile(file: string): Promise<void> {
  const bytes = await readFile(file)
  if (bytes.length < MIN_BYTES) return
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
}
