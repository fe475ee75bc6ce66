import { cursorOf, type HttpClient, type Input, type OperationName, type Reply } from './http.ts'

/** The calls that answer a list in pages. */
export type ListName = {
  [Name in OperationName]: Reply<Name> extends readonly unknown[] | { next: string | null } ? Name : never
}[OperationName]

/** What one page of such a list holds. */
export type Item<Name extends ListName> =
  Reply<Name> extends readonly (infer One)[]
    ? One
    : Reply<Name> extends { results: readonly (infer One)[] }
      ? One
      : never

/**
 * The pages of a list, one after the other, until its end. What is inserted or deleted meanwhile neither repeats nor
 * skips what was there.
 *
 * @example for await (const page of pages(http, 'listMessages', { params: { room: 12 } })) { … }
 * @throws ConfabError; AbortError
 */
export async function* pages<Name extends ListName>(
  http: HttpClient,
  name: Name,
  input: Input<Name>,
): AsyncGenerator<readonly Item<Name>[]> {
  let cursor: string | null | undefined
  do {
    const query = { ...readQuery(input), ...(cursor ? { cursor } : {}) }
    const page: { body: unknown; next: string | null } = await Reflect.apply(http.callForPage, http, [
      name,
      { ...input, query },
    ])
    const envelope = readEnvelope<Item<Name>>(page.body)
    yield envelope.results
    cursor = envelope.next ?? page.next
  } while (cursor)
}

/** A part of a list: what is in it, and the cursor of what comes after it. */
export type Part<T> = Readonly<{ items: readonly T[]; next: string | null }>

/** The beginning of a list, page by page: so many at least, where it has them. `load` is told how many are missing. */
export async function loadAsMany<T>(
  count: number,
  load: (cursor: string | null, missing: number) => Promise<Part<T>>,
): Promise<Part<T>> {
  const items: T[] = []
  let next: string | null = null
  do {
    const page = await load(next, count - items.length)
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < count)
  return { items, next }
}

function readQuery(input: object): object {
  return 'query' in input && typeof input.query === 'object' && input.query !== null ? input.query : {}
}

function readEnvelope<T>(body: unknown): { results: readonly T[]; next: string | null } {
  if (Array.isArray(body)) return { results: body, next: null }
  const { results, next } = Object(body)
  return { results, next: cursorOf(next) }
}
