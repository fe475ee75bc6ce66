/** What is answered to methods that a path does not serve. */
import type { FastifyInstance, HTTPMethods } from 'fastify'
import { ChatError } from '../chat-error.ts'
import type { RouteHost } from './route.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Answers what no endpoint serves on a path that exists: 405 with `Allow`, and for OPTIONS what the path offers. To be
 * called when all endpoints are registered.
 */
export function answerOtherMethods(host: RouteHost): void {
  const served = new Map<string, Set<string>>()
  for (const endpoint of host.endpoints) {
    served.set(endpoint.path, (served.get(endpoint.path) ?? new Set()).add(endpoint.method))
  }
  for (const [path, methods] of served) {
    const allow = refuseOtherMethods(host.app, path, methods, ['OPTIONS'])
    host.app.route({
      method: 'OPTIONS',
      url: path,
      handler: async (_request, reply) =>
        reply.header('allow', allow).send({
          name: path,
          description: host.endpoints
            .filter((endpoint) => endpoint.path === path)
            .map((endpoint) => endpoint.summary)
            .join(' '),
          renders: ['application/json'],
          parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
        }),
    })
  }
}

/**
 * Has a path answer 405 to the methods that it does not serve. @param more what is served besides, elsewhere
 *
 * @returns the methods that it serves, as the `Allow` header has them
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  path: string,
  served: ReadonlySet<string>,
  more: readonly string[] = [],
): string {
  const allow = [...served, ...(served.has('GET') ? ['HEAD'] : []), ...more].join(', ')
  const others: HTTPMethods[] = METHODS.filter((method) => !served.has(method))
  if (others.length > 0) {
    app.route({
      method: others,
      url: path,
      // The body of a wrong call is of no interest, whatever its type.
      onRequest: async (request, reply) => {
        reply.header('allow', allow)
        throw new ChatError('method_not_allowed', { method: request.method })
      },
      handler: async () => {},
    })
  }
  return allow
}
