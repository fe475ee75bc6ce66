/** Some host of files: the web app on an origin of its own, with the headers that `docs/web.md` asks for. */
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** The server that the page writes of. */
const EXAMPLE = 'chat.example.com'

/** A host that serves a folder, and the app's first page for what is none of its files. */
export class StaticHost {
  /** By another name than the servers of the tests: another site to the browser, not only another port. */
  readonly url: string
  readonly #server: Server
  #folder = ''
  #headers: Readonly<Record<string, string>> = {}

  private constructor(server: Server, port: number) {
    this.#server = server
    this.url = `http://localhost:${port}`
  }

  /** Listens; there is nothing to be had until `serve` says what. */
  static async start(): Promise<StaticHost> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('a host without an address')
    const host = new StaticHost(server, address.port)
    server.on('request', async ({ url = '/' }, response) => {
      const { pathname } = new URL(url, host.url)
      const file = path.join(host.#folder, pathname)
      const isFile = path.extname(file) !== '' && existsSync(file)
      const served = isFile ? file : path.join(host.#folder, 'index.html')
      const content = await readFile(served)
      response.writeHead(200, { ...host.#headers, 'content-type': TYPES[path.extname(served)] ?? 'text/plain' })
      response.end(content)
    })
    return host
  }

  /** Serves the folder from now on, with the headers for an app of that server. */
  serve(folder: string, serverUrl: string): void {
    this.#folder = folder
    this.#headers = documentedHeaders(new URL(serverUrl).host)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}

/** The headers of the page's example, for a server of the test, which has no TLS. */
function documentedHeaders(host: string): Record<string, string> {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/web.md'), 'utf8')
  const lines = [...page.matchAll(/^ *add_header (\S+) "([^"]+)" always;$/gm)]
  if (lines.length === 0) throw new Error('docs/web.md has no headers')
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [
      name,
      value.replaceAll(`https://${EXAMPLE}`, `http://${host}`).replaceAll(`wss://${EXAMPLE}`, `ws://${host}`),
    ]),
  )
}
