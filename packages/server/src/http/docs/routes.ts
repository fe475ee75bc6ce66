/** Serves the published documents, the pages to read them in, and the list of top endpoints. */
import { getApiRoot, getAsyncApi, getOpenApi } from '@confab/contract/docs/requests'
import type { Endpoint } from '@confab/contract/endpoint'
import { ChatError } from '../../chat-error.ts'
import { refuseOtherMethods } from '../other-methods.ts'
import { Answer, type HttpCall, publicRoute, type RouteHost } from '../route.ts'
import { buildAsyncApi } from './asyncapi.ts'
import { buildOpenApi } from './openapi.ts'
import { ASSETS_PATH, docsPage, findPageFile, PAGE_POLICY, type PageFile } from './pages.ts'
import type { JsonSchema } from './schemas.ts'

const YAML_TYPE = { openapi: 'application/vnd.oai.openapi', asyncapi: 'application/vnd.aai.asyncapi+yaml' }

/** The documents say what is registered when they are first asked for, which is everything. */
export function docsRoutes(host: RouteHost): void {
  let openApi: Published | undefined
  publicRoute(host, getApiRoot, async (_core, _request, { baseUrl }) =>
    Object.fromEntries(topEndpoints(host.endpoints).map((path) => [nameOf(path), baseUrl + path])),
  )
  publicRoute(host, getOpenApi, async (_core, { query }, http) => {
    openApi ??= publish(buildOpenApi(host.endpoints))
    return answer(openApi, YAML_TYPE.openapi, isJsonWanted(query.format, http))
  })
  publicRoute(host, getAsyncApi, async (_core, { query }, http) => {
    const { host: name, protocol } = new URL(http.baseUrl)
    const document = publish(buildAsyncApi({ name, isSecure: protocol === 'https:' }))
    return answer(document, YAML_TYPE.asyncapi, isJsonWanted(query.format, http))
  })
  for (const url of ['/api/schema/swagger-ui/', '/api/schema/redoc/']) {
    serveFile(host, url, async () => docsPage)
  }
  serveFile(host, `${ASSETS_PATH}/:name`, findPageFile)
}

type Published = Readonly<{ json: string; yaml: () => Promise<string> }>

/** JSON is what programs ask for; YAML is made, and the library for it loaded, when a person does. */
function publish(document: JsonSchema): Published {
  let yaml: string | undefined
  const makeYaml = async () => {
    const { stringify } = await import('yaml')
    yaml ??= stringify(document, { aliasDuplicateObjects: false })
    return yaml
  }
  return { json: JSON.stringify(document), yaml: makeYaml }
}

function isJsonWanted(format: string | undefined, { headers }: HttpCall): boolean {
  if (format === 'json' || format === 'yaml') return format === 'json'
  return /\bjson\b/.test(headers.accept ?? '')
}

async function answer(document: Published, yamlType: string, isJson: boolean): Promise<Answer<string>> {
  const text = isJson ? document.json : await document.yaml()
  const contentType = isJson ? 'application/json; charset=utf-8' : `${yamlType}; charset=utf-8`
  return new Answer(200, text, { 'content-type': contentType, vary: 'Origin, Accept' })
}

/** Lists that a client may start from: those whose path has one name after `/api/`. */
function topEndpoints(endpoints: readonly Endpoint[]): string[] {
  const paths = endpoints
    .filter(({ method, path }) => method === 'GET' && /^\/api\/[^/:]+\/$/.test(path))
    .map((endpoint) => endpoint.path)
  return [...new Set(paths)].sort()
}

function nameOf(path: string): string {
  return path.split('/')[2] ?? path
}

function serveFile(host: RouteHost, url: string, find: (name: string) => Promise<PageFile | undefined>): void {
  host.app.get<{ Params: { name?: string } }>(url, async (request, reply) => {
    const file = await find(request.params.name ?? '')
    if (!file) throw new ChatError('not_found')
    return reply
      .header('content-type', file.contentType)
      .header('content-security-policy', PAGE_POLICY)
      .header('cache-control', 'public, max-age=3600')
      .send(file.body)
  })
  refuseOtherMethods(host.app, url, new Set(['GET']))
}
