/** The web app as it is shipped, built anew where its sources are newer. */
import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.join(import.meta.dirname, '../..')

/** The folder with the app. */
export const webFolder = path.join(root, 'packages/web/dist')

/** @throws Error with what the build said where it fails */
export async function buildWebApp(): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(root, 'scripts/prepare.js')], { cwd: root })
}

/** Builds one for an origin of its own, which calls that server. Answers its folder, which is the caller's to remove. */
export async function buildWebAppFor(serverUrl: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'confab-web-'))
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', 'packages/web', '--outDir', folder, '--logLevel', 'error']
  const env = { ...process.env, NODE_ENV: 'production', VITE_CONFAB_URL: serverUrl }
  await promisify(execFile)(process.execPath, args, { cwd: root, env })
  return folder
}
