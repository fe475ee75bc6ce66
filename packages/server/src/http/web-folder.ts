/** Where the web app is. Apart from what serves it, so that the start can look before the server is loaded. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'

const OWN_BUILD = fileURLToPath(new URL('../../../web/dist', import.meta.url))

/** The folder that the web app is served from, whether or not it has been built; undefined where none is to be served. */
export function webFolder({ webDir }: Pick<Config, 'webDir'>): string | undefined {
  if (webDir === undefined) return OWN_BUILD
  return webDir === 'none' ? undefined : webDir
}

/** Whether a folder has a web app in it at this moment. */
export function isWebAppBuilt(folder: string): boolean {
  return existsSync(path.join(folder, 'index.html'))
}
