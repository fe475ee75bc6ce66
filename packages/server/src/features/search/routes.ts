import * as endpoints from '@confab/contract/search/requests'
import { type Envelope, toEnvelope } from '../../http/paging.ts'
import { type HttpCall, type RouteHost, route } from '../../http/route.ts'
import { type Found, searchMessages, searchPeople, searchRooms } from './service.ts'

/** Serves the searches. */
export function searchRoutes(host: RouteHost): void {
  route(host, endpoints.searchMessages, async (ctx, { query }, http) =>
    envelope(await searchMessages(ctx, query), http),
  )
  route(host, endpoints.searchPeople, async (ctx, { query }, http) => envelope(await searchPeople(ctx, query), http))
  route(host, endpoints.searchRooms, async (ctx, { query }, http) => envelope(await searchRooms(ctx, query), http))
}

function envelope<Row, Hit>({ list, page, keyOf, hits }: Found<Row, Hit>, http: HttpCall): Envelope<Hit> {
  return toEnvelope(page, { list, url: http.url, keyOf, results: hits })
}
