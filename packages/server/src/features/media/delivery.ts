import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify'
import { ChatError } from '../../chat-error.ts'
import type { ImageKind } from './files.ts'
import type { Media, ServedImage } from './service.ts'

/** What a request for an image carries. The query is the client's and may hold anything. */
export interface ImageRequest extends RouteGenericInterface {
  Params: { key: string }
  Querystring: Readonly<Record<string, unknown>>
}

/**
 * What the browser may do with an image opened from another site or as a page of its own: show it, and nothing else,
 * whatever it may contain.
 */
const SHOW_ONLY = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
}

/** Answers with the image, with 304 where the client has it already, or fails with not_found. HEAD gets the same headers. */
export async function sendImage(
  media: Media,
  { kind, caching }: { kind: ImageKind; caching: string },
  request: FastifyRequest<ImageRequest>,
  reply: FastifyReply<ImageRequest>,
): Promise<FastifyReply<ImageRequest>> {
  const image = await media.open(kind, request.params.key, request.query.size === 'thumb' ? 'thumb' : 'full')
  if (!image) refuse(reply, 'not_found')
  reply.headers({ ...SHOW_ONLY, etag: image.etag, 'cache-control': caching })
  if (matches(request.headers['if-none-match'], image.etag)) return reply.code(304).send()
  return sendContent(image, request, reply)
}

/** Fails a request so that no cache keeps the failure: the next address may be right, or the image there. */
export function refuse(reply: FastifyReply<ImageRequest>, code: 'media_forbidden' | 'not_found'): never {
  reply.removeHeader('etag').header('cache-control', 'no-store')
  throw new ChatError(code)
}

async function sendContent(
  image: ServedImage,
  request: FastifyRequest<ImageRequest>,
  reply: FastifyReply<ImageRequest>,
): Promise<FastifyReply<ImageRequest>> {
  const file = await image.open()
  if (!file) {
    request.log.error({ reqId: request.id }, 'the image store has lost a file')
    refuse(reply, 'not_found')
  }
  reply.headers({
    'content-type': image.contentType,
    'content-disposition': dispositionOf(image, request.query.download),
    ...(file.bytes !== undefined && { 'content-length': file.bytes }),
  })
  if (request.method !== 'HEAD') return reply.send(file.stream)
  file.stream.destroy()
  return reply.send()
}

/**
 * To be shown, or to be saved where the query says under which name: a link's own `download` counts for nothing where the
 * page is of another origin.
 */
function dispositionOf({ fileName }: ServedImage, download: unknown): string {
  if (typeof download !== 'string' || !/^[\w-]{1,64}$/.test(download)) return `inline; filename="${fileName}"`
  return `attachment; filename="${download}${fileName.slice(fileName.lastIndexOf('.'))}"`
}

/** Whether an If-None-Match header names the validator (RFC 9110, 13.1.2). Weak comparison: `W/` makes no difference. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const validators = header.split(',').map((validator) => validator.trim().replace(/^W\//, ''))
  return validators.includes(etag) || validators.includes('*')
}
