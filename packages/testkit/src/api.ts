import { publishedApi } from './published.ts'

/** An answer of the server. `body` is parsed JSON, text where it is none, undefined where there is no body. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape, and say themselves what they expect
export type Reply = { status: number; body: any; headers: Headers }

/** A file of a multipart form. */
export type TestFile = { bytes: Uint8Array; name?: string; type?: string }

/** What a request may say beside method, path and JSON body. */
export type RequestOptions = {
  headers?: Record<string, string>
  /** Sent as multipart/form-data; a list repeats its field. */
  form?: Record<string, string | number | TestFile | (string | number)[]>
  /** Sent as application/x-www-form-urlencoded. */
  urlencoded?: Record<string, string | number | (string | number)[]>
  /** Sent as it is, with the content type of `headers`. */
  raw?: string | Uint8Array
}

/** Calls the API as somebody, or as nobody, and holds every answer against what the server publishes. */
export class Api {
  readonly baseUrl: string
  token: string | undefined

  constructor(baseUrl: string, token?: string) {
    this.baseUrl = baseUrl
    this.token = token
  }

  get(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request('GET', path, undefined, options)
  }

  post(path: string, body?: unknown, options?: RequestOptions): Promise<Reply> {
    return this.request('POST', path, body, options)
  }

  put(path: string, body?: unknown, options?: RequestOptions): Promise<Reply> {
    return this.request('PUT', path, body, options)
  }

  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Reply> {
    return this.request('PATCH', path, body, options)
  }

  delete(path: string, body?: unknown, options?: RequestOptions): Promise<Reply> {
    return this.request('DELETE', path, body, options)
  }

  async request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    const headers = new Headers(this.token ? { authorization: `Bearer ${this.token}` } : {})
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
    const payload = encodeBody(body, options, headers)
    const url = path.startsWith('http') ? path : this.baseUrl + path
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      ...(payload === undefined ? {} : { body: payload }),
    })
    const reply = { status: response.status, headers: response.headers, body: await readBody(response) }
    if (reply.status >= 500 && reply.status !== 503) {
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
    }
    const published = await publishedApi(new URL(url).origin)
    published.check(method, new URL(url).pathname, reply)
    return reply
  }
}

function encodeBody(
  body: unknown,
  options: RequestOptions,
  headers: Headers,
): string | FormData | URLSearchParams | Uint8Array<ArrayBuffer> | undefined {
  if (options.raw !== undefined) return typeof options.raw === 'string' ? options.raw : new Uint8Array(options.raw)
  if (options.form) return multipart(options.form)
  if (options.urlencoded) {
    return new URLSearchParams(
      Object.entries(options.urlencoded).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, String(one)]),
      ),
    )
  }
  if (body === undefined) return undefined
  headers.set('content-type', 'application/json')
  return JSON.stringify(body)
}

function multipart(fields: NonNullable<RequestOptions['form']>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'object' && !Array.isArray(value)) {
      const file = new Blob([new Uint8Array(value.bytes)], { type: value.type ?? 'image/png' })
      form.append(name, file, value.name ?? 'pic.png')
    } else {
      for (const one of [value].flat()) form.append(name, String(one))
    }
  }
  return form
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
