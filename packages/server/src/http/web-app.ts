/**
 * Serves the built web app at `/`: its files, and its first page for every address that is a view of the app.
 * The folder is looked at with each request, so that a build appears without a restart. What reads files is loaded with the
 * first request: measured, it would add 25 ms to the start.
 */
import { negotiate } from '@fastify/accept-negotiator'
import type { SendResult } from '@fastify/send'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ChatError } from '../chat-error.ts'
import type { RouteHost } from './route.ts'
import { webFolder } from './web-folder.ts'
import { webHeaders } from './web-policy.ts'

/** What is below these is the server's own: an unknown path there is an error, not a view of the app. */
const SERVERS_OWN = /^\/(api|ws|media|metrics|healthz|readyz)(\/|$)/

/** Files here have a hash of their content in their name. */
const HASHED = '/assets/'
const FOR_EVER = 'public, max-age=31536000, immutable'

/** What a file may be compressed with beforehand, the best first, and how its neighbour's name ends. */
const ENDINGS = new Map([
  ['br', '.br'],
  ['gzip', '.gz'],
])

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Confab</title>
<h1>Confab</h1>
<p>The server is running. Its web app is not here: <code>npm run build</code> builds it; then load this page again.</p>
<p><a href="/api/schema/swagger-ui/">API documentation</a></p>
</html>
`

/** Serves the web app on every path that nothing else serves. To be called when all other routes are registered. */
export function webAppRoutes({ app, core }: RouteHost): void {
  const folder = webFolder(core.config)
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (SERVERS_OWN.test(path)) throw new ChatError('not_found')
    const file = folder === undefined ? undefined : await findFor(request, { folder, path })
    if (!file && !isPage(request, path)) throw new ChatError('not_found')
    reply.headers(webHeaders(core.config, request.host))
    if (file) return answerWith(file, path, reply)
    return reply.code(404).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(NOT_BUILT)
  })
}

type Place = { folder: string; path: string }

/** A file to answer with, in the encoding that the client likes best of those there are. */
type Found = { content: SendResult; contentType: string; encoding: string | undefined }

/** The file of that path; the app's first page where a browser asks for a view of the app. */
async function findFor(request: FastifyRequest, { folder, path }: Place): Promise<Found | undefined> {
  const file = path === '/' ? undefined : await findFile(request, { folder, path })
  return file ?? (isPage(request, path) ? findFile(request, { folder, path: '/index.html' }) : undefined)
}

/** Whether it is the address of a view, asked for as a page. To programs the root is not there, as in the original. */
function isPage({ headers }: FastifyRequest, path: string): boolean {
  return !path.startsWith(HASHED) && (headers.accept?.includes('text/html') ?? false)
}

async function findFile(request: FastifyRequest, { folder, path }: Place): Promise<Found | undefined> {
  const { default: send } = await import('@fastify/send')
  const contentType = withCharset(send.mime.getType(path) ?? 'application/octet-stream')
  for (const encoding of [...preferredEncodings(request.headers['accept-encoding']), undefined]) {
    const ending = encoding === undefined ? '' : (ENDINGS.get(encoding) ?? '')
    const content = await send(request.raw, path + ending, {
      root: folder,
      acceptRanges: false,
      cacheControl: false,
      contentType: false,
      dotfiles: 'ignore',
      index: false,
    })
    if (content.type === 'file') return { content, contentType, encoding }
    // A condition of the client's own (If-Match) that does not hold.
    if (content.statusCode === 412) throw new ChatError('malformed_request')
    if (content.statusCode >= 500) throw content.type === 'error' ? content.metadata.error : new Error('not a file')
  }
  return undefined
}

/** Those a client takes, its favourite first; of equals the one that makes smaller files. */
function preferredEncodings(header: string | undefined): string[] {
  const left = [...ENDINGS.keys()]
  const preferred: string[] = []
  while (header !== undefined && left.length > 0) {
    const next = negotiate(header, left)
    if (next === null) break
    left.splice(left.indexOf(next), 1)
    preferred.push(next)
  }
  return preferred
}

function withCharset(contentType: string): string {
  return /^text\/|javascript|json|xml/.test(contentType) ? `${contentType}; charset=utf-8` : contentType
}

function answerWith({ content, contentType, encoding }: Found, path: string, reply: FastifyReply): FastifyReply {
  const vary = [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', ')
  return reply
    .code(content.statusCode)
    .headers(content.headers)
    .headers({ 'cache-control': path.startsWith(HASHED) ? FOR_EVER : 'no-cache', vary, 'content-type': contentType })
    .headers(encoding === undefined ? {} : { 'content-encoding': encoding })
    .send(content.stream)
}
