/**
 * The server, restarted when a file of it changes, and the web app with hot reload on the port after it; the web app alone
 * where `CONFAB_URL` names another server.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const port = Number(process.env.PORT ?? 8000)
const { CONFAB_URL } = process.env
const programs = [
  ...(CONFAB_URL ? [] : [['--watch', 'packages/server/src/main.ts', 'serve']]),
  ['node_modules/vite/bin/vite.js', 'packages/web', '--port', String(port + 1), '--clearScreen', 'false'],
]
const env = {
  ...process.env,
  CONFAB_URL: CONFAB_URL || `http://127.0.0.1:${port}`,
  NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/confab'),
}
const children = programs.map((args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env }))

for (const child of children) {
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 1
    for (const other of children) other.kill()
  })
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    process.exitCode = 0
    for (const child of children) child.kill(signal)
  })
}
