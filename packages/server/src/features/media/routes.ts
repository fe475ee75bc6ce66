import type { FastifyPluginAsync } from 'fastify'
import { ChatError } from '../../chat-error.ts'
import { type ImageRequest, refuse, sendImage } from './delivery.ts'
import type { Media } from './service.ts'

/** A picture's address is its permission, and what it shows never changes. */
const PICTURE_CACHING = 'public, max-age=31536000, immutable'

const METHODS = ['GET', 'HEAD']

/**
 * Serves images at `/media/<kind>/<key>`, with `?size=thumb` the small ones. Nobody is asked to log in: pictures open
 * for whoever has the address, message images with a valid signature in the query, so that an `<img>` tag shows both.
 */
export function mediaRoutes(media: Media): FastifyPluginAsync {
  return async (app) => {
    for (const kind of ['profile', 'group'] as const) {
      app.route<ImageRequest>({
        method: METHODS,
        url: `/media/${kind}/:key`,
        handler: (request, reply) => sendImage(media, { kind, caching: PICTURE_CACHING }, request, reply),
      })
    }
    app.route({
      method: ['POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/media/:kind/:key',
      // What comes with a wrong call is of no interest, so it is refused before its body is read.
      onRequest: async (request, reply) => {
        reply.header('allow', METHODS.join(', '))
        throw new ChatError('method_not_allowed', { method: request.method })
      },
      handler: async () => {},
    })
    app.route<ImageRequest>({
      method: METHODS,
      url: '/media/message/:key',
      handler: (request, reply) => {
        const secondsLeft = media.checkSignature(request.params.key, signatureIn(request.query))
        if (secondsLeft === undefined) refuse(reply, 'media_forbidden')
        const caching = `private, max-age=${secondsLeft}, immutable`
        return sendImage(media, { kind: 'message', caching }, request, reply)
      },
    })
  }
}

/** A parameter that is missing or repeated counts as empty, which no signature is. */
function signatureIn({ exp, sig }: ImageRequest['Querystring']): { exp: string; sig: string } {
  return { exp: typeof exp === 'string' ? exp : '', sig: typeof sig === 'string' ? sig : '' }
}
