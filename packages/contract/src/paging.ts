import Type, { type TSchema } from 'typebox'

/** Rows on a page of a cursor list: this many unless `limit` asks for others; more than the maximum count as it. */
export const PAGE_SIZE = 35
export const MAX_PAGE_SIZE = 100

/** Rows of a plain list, likewise. */
export const LIST_SIZE = 100
export const MAX_LIST_SIZE = 500

/** The query of every cursor list. `cursor` is opaque: the one of a `next` or `previous` link. */
export const cursorQuery = {
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.String({ description: `Rows a page, up to ${MAX_PAGE_SIZE}; default ${PAGE_SIZE}` })),
}

/** The query of every plain list; the rest of the list is at the `rel="next"` link of the `Link` header (RFC 8288). */
export const listQuery = {
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.String({ description: `Rows, up to ${MAX_LIST_SIZE}; default ${LIST_SIZE}` })),
}

/** `?search=`: every word must occur, in any case. */
export const searchQuery = { search: Type.Optional(Type.String({ maxLength: 200 })) }

/** `?ordering=field` or `-field`; anything that is not in the endpoint's list is ignored. */
export const orderingQuery = { ordering: Type.Optional(Type.String()) }

/** The cursor envelope around a page. */
export function page<T extends TSchema>(item: T) {
  const link = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uri' })
  return Type.Object({ next: link, previous: link, results: Type.Array(item) })
}
