/**
 * Makes the package that is published, in dist/: the code in two bundles, its declarations, a package.json of its own
 * and the README. `npm publish packages/client/dist` publishes it.
 */
import { spawnSync } from 'node:child_process'
import { copyFile, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { rolldown } from 'rolldown'

const folder = path.resolve(import.meta.dirname, '..')
const dist = path.join(folder, 'dist')

await rm(dist, { recursive: true, force: true })
await mkdir(dist)
await bundle()
await declare()
await writeManifest()
await copyFile(path.join(folder, 'README.md'), path.join(dist, 'README.md'))
await copyFile(path.resolve(folder, '../../LICENSE'), path.join(dist, 'LICENSE'))

async function bundle(): Promise<void> {
  const build = await rolldown({
    input: { index: path.join(folder, 'src/index.ts'), react: path.join(folder, 'src/react/index.ts') },
    external: ['react'],
    platform: 'neutral',
  })
  await build.write({ dir: dist, format: 'esm', chunkFileNames: 'shared.js', sourcemap: false })
  await build.close()
}

async function declare(): Promise<void> {
  const options = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    removeComments: false,
    rootDir: path.join(folder, 'src'),
    outDir: path.join(dist, 'types'),
  }
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { status } = spawnSync('npx', ['tsc', '-p', path.join(folder, 'tsconfig.build.json'), ...flags], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('the declarations could not be made')
  for await (const file of glob('types/**/*.d.ts', { cwd: dist })) {
    const at = path.join(dist, file)
    // Our own imports carry `.ts`; not every compiler that reads declarations takes that.
    await writeFile(at, (await readFile(at, 'utf8')).replace(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"))
  }
}

async function writeManifest(): Promise<void> {
  const source = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
  const { name, version, description, license, type, sideEffects } = source
  const entry = (file: string, types: string) => ({ types: `./types/${types}.d.ts`, default: `./${file}.js` })
  const manifest = {
    name,
    version,
    description,
    license,
    type,
    sideEffects,
    engines: { node: '>=22' },
    exports: { '.': entry('index', 'index'), './react': entry('react', 'react/index') },
    peerDependencies: { react: '>=18' },
    peerDependenciesMeta: { react: { optional: true } },
  }
  await writeFile(path.join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
