/** The browsable documentation: Swagger UI, served whole from this server, so that reading it tells nobody else. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the documentation pages. */
export type PageFile = Readonly<{ contentType: string; body: Buffer | string }>

/**
 * What a page may do: run our scripts and talk to us. Swagger UI sets styles on its elements and shows icons from `data:`
 * addresses, which is why those two are open.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Where the files of the pages are served. */
export const ASSETS_PATH = '/api/schema/assets'

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Confab API</title>
  <link rel="icon" href="${ASSETS_PATH}/favicon-32x32.png">
  <link rel="stylesheet" href="${ASSETS_PATH}/swagger-ui.css">
</head>
<body>
  <div id="docs"></div>
  <script src="${ASSETS_PATH}/swagger-ui-bundle.js"></script>
  <script src="${ASSETS_PATH}/start.js"></script>
</body>
</html>
`

/** No validator badge: it would send the document's address to somebody else's server. */
const START = `SwaggerUIBundle({
  url: '/api/schema/?format=json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  persistAuthorization: true,
  validatorUrl: null,
})
`

/** The page itself. */
export const docsPage: PageFile = { contentType: 'text/html; charset=utf-8', body: PAGE }

const JAVASCRIPT = 'text/javascript; charset=utf-8'

/** The files of Swagger UI that the page needs, and their types. */
const bundled = new Map([
  ['swagger-ui-bundle.js', JAVASCRIPT],
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
])

/** A file that the page refers to, or undefined for any other name. */
export async function findPageFile(name: string): Promise<PageFile | undefined> {
  if (name === 'start.js') return { contentType: JAVASCRIPT, body: START }
  const contentType = bundled.get(name)
  if (!contentType) return undefined
  const folder = path.dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
  return { contentType, body: await readFile(path.join(folder, name)) }
}
