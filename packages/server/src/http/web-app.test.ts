import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { startTestServer } from '@confab/testkit/server'
import { afterAll, expect, test } from 'vitest'

const INDEX = '<!doctype html><title>The app</title><div id="root"></div>'
const SCRIPT = `console.log(${JSON.stringify('hello '.repeat(50))})`

const folder = await mkdtemp(path.join(tmpdir(), 'confab-web-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const build = path.join(folder, 'dist')

/** As the build makes it: text with its compressed neighbours, some with one of them only. */
async function buildApp(): Promise<void> {
  await mkdir(path.join(build, 'assets'), { recursive: true })
  const files: Record<string, string | Uint8Array> = {
    'index.html': INDEX,
    'index.html.gz': gzipSync(INDEX),
    'sw.js': 'self.addEventListener("install", () => {})',
    'manifest.webmanifest': '{"name":"Confab"}',
    '.secret': 'hidden',
    'assets/app-4f2a.js': SCRIPT,
    'assets/app-4f2a.js.br': brotliCompressSync(SCRIPT),
    'assets/app-4f2a.js.gz': gzipSync(SCRIPT),
    'assets/picture-77aa.png': new Uint8Array([1, 2, 3]),
  }
  await writeFile(path.join(folder, 'outside.txt'), 'not of the app')
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(build, name), content)
}

const server = await startTestServer({ WEB_DIR: build })
const before = await ask('/', { accept: 'text/html' })
await buildApp()

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** A request as it is on the wire: `fetch` would decode the body and normalise the path. */
function ask(target: string, headers: Record<string, string> = {}, method = 'GET', base = server.url): Promise<Answer> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    get({ hostname, port, path: target, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    }).on('error', reject)
  })
}

const asPage = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('before it is built, the root says how to build it and where the docs are', () => {
  expect(before.status).toBe(404)
  expect(before.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(before.body.toString()).toContain('npm run build')
  expect(before.body.toString()).toContain('/api/schema/swagger-ui/')
})

test.each(['/', '/rooms/5', '/rooms/5/?message=3', '/join/6a1c7f6e', '/apiary', '/settings/profile.html'])(
  '%s is a view of the app, which a build brings without a restart',
  async (target) => {
    const page = await ask(target, asPage)
    expect(page.status).toBe(200)
    expect(page.body.toString()).toBe(INDEX)
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
  },
)

test.each([
  '/api/unknown/',
  '/ws/unknown/',
  '/ws',
  '/media/profile/unknown',
  '/media',
  '/healthz/x',
  '/assets/app-old.js',
  '/assets/',
])('%s is not a view of the app, not even for a browser', async (target) => {
  const reply = await ask(target, asPage)
  expect(reply.status).toBe(404)
  expect(reply.headers['content-type']).toContain('application/json')
  expect(reply.headers['cache-control'] ?? '').not.toContain('immutable')
})

test('what is asked for by a program, not as a page, is not found', async () => {
  for (const target of ['/', '/rooms/5', '/favicon.ico', '/robots.txt']) {
    expect((await ask(target, { accept: '*/*' })).status).toBe(404)
  }
  expect((await ask('/rooms/5', asPage, 'POST')).status).toBe(404)
})

test('files with a hash in their name are kept for ever, all others are asked for again', async () => {
  expect((await ask('/assets/app-4f2a.js')).headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': expect.stringMatching(/javascript; charset=utf-8$/),
  })
  for (const target of ['/sw.js', '/manifest.webmanifest', '/']) {
    const first = await ask(target, asPage)
    expect(first.headers).toMatchObject({ 'cache-control': 'no-cache', etag: expect.any(String) })
    const again = await ask(target, { ...asPage, 'if-none-match': first.headers.etag ?? '' })
    expect(again).toMatchObject({ status: 304, headers: { etag: first.headers.etag, 'cache-control': 'no-cache' } })
    expect(again.body).toHaveLength(0)
  }
  expect((await ask('/manifest.webmanifest')).headers['content-type']).toBe('application/manifest+json; charset=utf-8')
})

test.each([
  ['/assets/app-4f2a.js', 'gzip, deflate, br', 'br', brotliCompressSync(SCRIPT)],
  ['/assets/app-4f2a.js', 'br;q=0.5, gzip;q=0.9', 'gzip', gzipSync(SCRIPT)],
  ['/assets/app-4f2a.js', 'zstd', undefined, Buffer.from(SCRIPT)],
  ['/assets/app-4f2a.js', 'br;q=0', undefined, Buffer.from(SCRIPT)],
  ['/', 'gzip, br', 'gzip', gzipSync(INDEX)],
  ['/assets/picture-77aa.png', 'gzip, br', undefined, Buffer.from([1, 2, 3])],
])('%s for who accepts "%s" comes as %s', async (target, accepted, encoding, body) => {
  const reply = await ask(target, { ...asPage, 'accept-encoding': accepted })
  expect(reply.status).toBe(200)
  expect(reply.headers['content-encoding']).toBe(encoding)
  expect(reply.headers.vary).toMatch(/accept-encoding/)
  expect(reply.body).toEqual(body)
  expect(reply.headers['content-length']).toBe(String(body.length))
})

test('HEAD has the headers of GET and no body', async () => {
  for (const target of ['/assets/app-4f2a.js', '/rooms/5']) {
    const [got, head] = [await ask(target, asPage), await ask(target, asPage, 'HEAD')]
    const { date: _, 'x-request-id': __, ...headers } = got.headers
    expect(head).toMatchObject({ status: 200, headers })
    expect(head.body).toHaveLength(0)
  }
})

test.each(['/../outside.txt', '/assets/../../outside.txt', '/%2e%2e/outside.txt', '/..%2foutside.txt', '/.secret'])(
  '%s gives nothing that is not of the app',
  async (target) => {
    const reply = await ask(target)
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.status).toBeLessThan(500)
    expect(reply.body.toString()).not.toMatch(/not of the app|hidden/)
  },
)

test('pages may run and show what is ours only, and talk to this host alone', async () => {
  const { headers } = await ask('/', { ...asPage, host: 'chat.example.org:8443' })
  const policy = String(headers['content-security-policy'])
  expect(policy).not.toContain('unsafe')
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining([
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      "connect-src 'self' ws://chat.example.org:8443 wss://chat.example.org:8443",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]),
  )
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('geolocation=()'),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
})

test('a server without the app still says where its docs are, and shows images of its public address where it has one', async () => {
  const without = await server.node({ WEB_DIR: 'none', PUBLIC_URL: 'https://chat.example.org/base' })
  const root = await ask('/', asPage, 'GET', without.url)
  expect(root.status).toBe(404)
  expect(root.body.toString()).toContain('/api/schema/swagger-ui/')
  expect((await ask('/assets/app-4f2a.js', {}, 'GET', without.url)).status).toBe(404)
  const built = await server.node({ PUBLIC_URL: 'https://chat.example.org/base' })
  const policy = (await ask('/', asPage, 'GET', built.url)).headers['content-security-policy']
  expect(policy).toContain("img-src 'self' blob: data: https://chat.example.org;")
})
