import type { Static, TObject, TSchema } from 'typebox'

/** Who may call an endpoint at all. What else must hold (a block, the only admin) is the service's to check. */
export type Access =
  /** anyone, with or without a token */
  | 'public'
  /** whoever is logged in; the answer holds only what is theirs to see */
  | 'user'
  /** members of the room in the path; to others it does not exist */
  | 'member'
  /** admins of the group in the path */
  | 'admin'
  /** the sender of the message in the path */
  | 'sender'
  /** the person that the thing in the path belongs to; to others it does not exist */
  | 'owner'

/** The rate limits; each class has its own budget per person (per address where nobody is logged in). */
export const rateClasses = [
  'register',
  'login',
  'refresh',
  'send',
  'upload',
  'search',
  'export',
  'write',
  'read',
] as const
export type RateClass = (typeof rateClasses)[number]

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Status → body. The first 2xx one is what a handler answers unless it names another. */
export type Responses = Readonly<Record<number, TSchema>>

/** One call of the REST API: everything that the server, the OpenAPI document and a typed client need to know of it. */
export type Endpoint<
  Params extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TObject = TObject,
  Replies extends Responses = Responses,
> = Readonly<{
  /** The service function, the OpenAPI operation and the SDK method share this name. */
  operationId: string
  method: Method
  /** Absolute, with `:name` parameters and, where it belongs to the API, a trailing slash. */
  path: string
  /** One sentence for the API docs. */
  summary: string
  /** The feature it belongs to; groups the API docs. */
  tag: string
  access: Access
  /** `none` counts against no limit. */
  rate: RateClass | 'none'
  params?: Params
  query?: Query
  body?: Body
  responses: Replies
}>

/** Declares an endpoint. Every method of a path is one endpoint; the table of all of them is `endpoints` of a feature. */
export function defineEndpoint<
  Params extends TObject = TObject<Record<never, never>>,
  Query extends TObject = TObject<Record<never, never>>,
  Body extends TObject = TObject<Record<never, never>>,
  const Replies extends Responses = Responses,
>(endpoint: Endpoint<Params, Query, Body, Replies>): Endpoint<Params, Query, Body, Replies> {
  return Object.freeze(endpoint)
}

/** Whether an endpoint is a list that can be searched with `search`: it costs as much as a search then, and counts as one. */
export function isSearchable({ rate, query }: Endpoint): boolean {
  return rate === 'read' && query !== undefined && 'search' in query.properties
}

/** What a handler is given: path, query and body, parsed and coerced. */
export type RequestOf<E> =
  E extends Endpoint<infer P, infer Q, infer B, Responses>
    ? { params: Static<P>; query: Static<Q>; body: Static<B> }
    : never

type Success<R extends Responses> = {
  [S in keyof R]: `${S & number}` extends `2${string}` ? (R[S] extends TSchema ? Static<R[S]> : never) : never
}[keyof R]

/** What a successful call answers with, whichever 2xx status it has. */
export type ReplyOf<E> = E extends Endpoint<TObject, TObject, TObject, infer R> ? Success<R> : never
