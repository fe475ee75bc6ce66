/** Which scripts of the build the first view of somebody who is logged in needs, the list of chats, and how big they are. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = path.join(import.meta.dirname, '../dist')

/** What is loaded besides the page itself: the frame, the texts in a language, what stands beside the list. */
const FIRST_VIEW = ['src/app/shell/Shell.tsx', 'virtual:messages/en', 'src/features/rooms/WelcomePage.tsx']

type Chunk = { file: string; src?: string; imports?: string[] }

/** A script, and how many bytes of it are sent. */
export type Script = { file: string; gzipBytes: number }

/** @throws Error where the app is not built, or one of the parts of the first view is not a chunk of its own */
export async function initialScripts(): Promise<Script[]> {
  const manifest: Record<string, Chunk> = JSON.parse(await readFile(path.join(dist, '.vite/manifest.json'), 'utf8'))
  const needed = new Set<string>()
  const need = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk) throw new Error(`${key} is not in the manifest of the build`)
    if (needed.has(chunk.file)) return
    needed.add(chunk.file)
    chunk.imports?.forEach(need)
  }
  need('index.html')
  for (const part of FIRST_VIEW) {
    const found = Object.keys(manifest).find((key) => key.replace('\0', '').endsWith(part))
    if (found === undefined) throw new Error(`${part} is not in the manifest of the build`)
    need(found)
  }
  const files = [...needed].filter((file) => file.endsWith('.js'))
  return Promise.all(
    files.map(async (file) => ({
      file,
      gzipBytes: gzipSync(await readFile(path.join(dist, file)), { level: 9 }).length,
    })),
  )
}

/** All of them, in bytes. */
export function totalBytes(scripts: readonly Script[]): number {
  return scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0)
}
