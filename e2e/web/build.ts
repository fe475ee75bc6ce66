/** The web app as it is shipped, built anew where its sources are newer. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.join(import.meta.dirname, '../..')

/** The folder with the app. */
export const webFolder = path.join(root, 'packages/web/dist')

/** @throws Error with what the build said where it fails */
export async function buildWebApp(): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(root, 'scripts/prepare.js')], { cwd: root })
}
