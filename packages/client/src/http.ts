/**
 * The REST API, typed by the contract.
 *
 * Guarantees: however many calls find the access token expired at the same time, it is renewed once, and each of them is
 * made once more; a call fails with a `ConfabError`, or with an `AbortError` where its own signal was aborted; when the
 * refresh token is refused, too, the tokens are forgotten and `onLoggedOut` is told, once.
 */
import { type Operations, operations, type Tokens } from './contract.gen.ts'
import { ConfabError, type RawReply, toFailure, toNetworkFailure } from './errors.ts'
import { MemoryTokens, readClaims, type TokenStore } from './tokens.ts'
import { type Fetch, transfer } from './transfer.ts'

/** The name of a call: the `operationId` of the API's documentation. */
export type OperationName = keyof Operations

/** What a call answers. */
export type Reply<Name extends OperationName> = Operations[Name]['reply']

/** How a call is made, beside what it takes. */
export type CallOptions = Readonly<{
  signal?: AbortSignal
  /** Told how much of the body is sent, from 0 to 1; in Node only at the end. */
  onProgress?: (fraction: number) => void
  /** Lets the call outlive the page: for what is sent while it is left. Bodies of up to 64 KB, as browsers have it. */
  keepalive?: boolean
}>

/** What a call takes: `params`, `query` and `body` as the API has them, and how it is made. */
export type Input<Name extends OperationName> = Operations[Name]['input'] & CallOptions

/** The arguments of a call: none are needed where the API needs nothing. */
export type CallArguments<Name extends OperationName> =
  Record<never, never> extends Operations[Name]['input'] ? [input?: Input<Name>] : [input: Input<Name>]

/** Where the server is, and how it is called. */
export type HttpOptions = Readonly<{
  /** Where the server is, for example `https://chat.example.com`. */
  url: string
  /** Where the tokens are kept: `localStorage` for a `ChatClient` in a browser, the memory elsewhere, unless it is another. */
  tokens?: TokenStore
  /** Makes requests: the one of the platform unless it is another. */
  fetch?: Fetch
  /** Milliseconds after which a call without uploads is given up; 30,000 unless it is another. */
  timeoutMs?: number
}>

type RawInput = CallOptions & Partial<Record<'params' | 'query' | 'body', Readonly<Record<string, unknown>>>>

/** Calls without a token, which a stale one must not disturb. */
const PUBLIC: ReadonlySet<string> = new Set<OperationName>(['login', 'register', 'refreshToken'])

/** A token that expires within this time is renewed before it is used. */
const EXPIRY_MARGIN_MS = 5_000

const paths: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(operations))

/**
 * Makes the calls of the API. However many calls find the access token expired at once, it is renewed once and each is made
 * again; where the refresh token is refused, too, the tokens are forgotten.
 */
export class HttpClient {
  /** Without a slash at its end. */
  readonly url: string
  readonly #store: TokenStore
  readonly #fetch: Fetch
  readonly #timeoutMs: number
  readonly #listeners = new Set<(tokens: Tokens | undefined) => void>()
  #tokens: Promise<Tokens | undefined> | undefined
  #refreshing: Promise<string> | undefined

  constructor({ url, tokens, fetch, timeoutMs = 30_000 }: HttpOptions) {
    this.url = url.replace(/\/+$/, '')
    this.#store = tokens ?? new MemoryTokens()
    this.#fetch = fetch ?? ((target, init) => globalThis.fetch(target, init))
    this.#timeoutMs = timeoutMs
    this.#store.onChange?.((changed) => this.#take(changed))
  }

  /** Makes a call, by the name of its operation. @throws ConfabError; AbortError */
  async call<Name extends OperationName>(name: Name, ...[input]: CallArguments<Name>): Promise<Reply<Name>> {
    const reply = await this.#request(name, input ?? {})
    return parseBody(reply.text)
  }

  /** The same, with where a plain list goes on: the cursor of its Link header. */
  async callForPage<Name extends OperationName>(
    name: Name,
    ...[input]: CallArguments<Name>
  ): Promise<{ body: Reply<Name>; next: string | null }> {
    const reply = await this.#request(name, input ?? {})
    return {
      body: parseBody(reply.text),
      next: cursorOf(/<([^>]+)>; rel="next"/.exec(reply.header('link') ?? '')?.[1]),
    }
  }

  /** The tokens there are. */
  tokens(): Promise<Tokens | undefined> {
    this.#tokens ??= Promise.resolve(this.#store.load())
    return this.#tokens
  }

  /** Takes the tokens of a login, or forgets them. */
  async setTokens(tokens: Tokens | undefined): Promise<void> {
    this.#take(tokens)
    await this.#store.save(tokens)
  }

  /** Hears of every login and logout, and of every renewed token; also of other tabs. Answers how to stop listening. */
  onTokens(listener: (tokens: Tokens | undefined) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * An access token that is valid for some seconds more at least.
   *
   * @throws ConfabError not_authenticated where nobody is logged in; network where it could not be renewed
   */
  async accessToken(): Promise<string> {
    const tokens = await this.tokens()
    if (!tokens) throw notLoggedIn()
    const expiresAt = (readClaims(tokens.access)?.exp ?? 0) * 1000
    return expiresAt - Date.now() < EXPIRY_MARGIN_MS ? this.refresh(tokens.access) : tokens.access
  }

  /**
   * Renews the access token: once, however many ask for it at the same time.
   *
   * @param stale the token that is not good any more; where it was renewed meanwhile, the new one is the answer
   * @throws ConfabError; where the refresh token is refused nobody is logged in after that
   */
  async refresh(stale?: string): Promise<string> {
    const tokens = await this.tokens()
    if (!tokens) throw notLoggedIn()
    if (stale !== undefined && tokens.access !== stale) return tokens.access
    this.#refreshing ??= this.#renew(tokens).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #renew({ refresh }: Tokens): Promise<string> {
    // A login that ended meanwhile stays so, and another in its place is not touched.
    const isOver = async () => (await this.tokens())?.refresh !== refresh
    try {
      const { access } = await this.call('refreshToken', { body: { refresh } })
      if (await isOver()) throw notLoggedIn()
      await this.setTokens({ access, refresh })
      return access
    } catch (error) {
      if (error instanceof ConfabError && error.status === 401 && !(await isOver())) await this.setTokens(undefined)
      throw error
    }
  }

  #take(tokens: Tokens | undefined): void {
    this.#tokens = Promise.resolve(tokens)
    for (const listener of this.#listeners) listener(tokens)
  }

  async #request(name: string, input: RawInput): Promise<RawReply> {
    const access = PUBLIC.has(name) ? undefined : (await this.tokens())?.access
    const reply = await this.#send(name, input, access)
    if (reply.status !== 401 || access === undefined) return requireSuccess(reply)
    return requireSuccess(await this.#send(name, input, await this.refresh(access)))
  }

  async #send(name: string, input: RawInput, access?: string): Promise<RawReply> {
    const { params, query, body, signal, onProgress, keepalive } = input
    const [method = 'GET', path = ''] = (paths[name] ?? '').split(' ')
    const payload = encodeBody(body)
    const isJson = typeof payload === 'string'
    const signals = [...(signal ? [signal] : []), ...(isJson || !payload ? [AbortSignal.timeout(this.#timeoutMs)] : [])]
    signal?.throwIfAborted()
    return transfer(
      {
        method,
        url: this.url + fillPath(path, params) + encodeQuery(query),
        headers: {
          ...(access === undefined ? {} : { authorization: `Bearer ${access}` }),
          ...(isJson ? { 'content-type': 'application/json' } : {}),
        },
        body: payload,
        signal: AbortSignal.any(signals),
        onProgress,
        keepalive,
      },
      this.#fetch,
    )
  }
}

function notLoggedIn(): ConfabError {
  return new ConfabError({ code: 'not_authenticated', message: 'Nobody is logged in.', status: 401 })
}

function requireSuccess(reply: RawReply): RawReply {
  if (reply.status >= 200 && reply.status < 300) return reply
  throw toFailure(reply)
}

/** The body of an answer is what the contract says it is; a proxy's page in its place is a failure. */
function parseBody<T>(text: string): T {
  try {
    return JSON.parse(text || '{}')
  } catch (error) {
    throw toNetworkFailure(error)
  }
}

function fillPath(path: string, params: RawInput['params'] = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

function encodeQuery(query: RawInput['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return text && `?${text}`
}

/** JSON, or a form where there is a file in it. */
function encodeBody(body: RawInput['body']): string | FormData | undefined {
  if (!body) return undefined
  const entries = Object.entries(body).filter(([, value]) => value !== undefined && value !== null)
  if (!entries.some(([, value]) => value instanceof Blob)) return JSON.stringify(body)
  const form = new FormData()
  for (const [name, value] of entries) {
    for (const one of [value].flat()) {
      if (one instanceof Blob) form.append(name, one)
      else form.append(name, String(one))
    }
  }
  return form
}

/** The cursor in a link to another page; null where there is no link. */
export function cursorOf(link: string | null | undefined): string | null {
  return link ? new URL(link).searchParams.get('cursor') : null
}
