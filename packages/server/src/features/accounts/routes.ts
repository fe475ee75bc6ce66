import * as endpoints from '@confab/contract/accounts/requests'
import { toLinkHeader } from '../../http/paging.ts'
import { Answer, publicRoute, type RouteHost, route } from '../../http/route.ts'
import { getProfile, updateProfile } from './profile-service.ts'
import { getUsernameAvailability, login, logout, refreshToken, register } from './service.ts'
import { endOtherSessions, endSession, listSessions, SESSION_LIST } from './session-service.ts'

/** Accounts: `/api/register/`, `/api/login/`, tokens, the profile and the sessions. */
export function accountsRoutes(host: RouteHost): void {
  publicRoute(host, endpoints.register, async (core, { body }, device) => ({
    message: 'User created successfully',
    tokens: await register(core, body, device),
  }))
  publicRoute(host, endpoints.getUsernameAvailability, (core, { query }) =>
    getUsernameAvailability(core, query.username),
  )
  publicRoute(host, endpoints.login, async (core, { body }, device) => ({ tokens: await login(core, body, device) }))
  publicRoute(
    host,
    endpoints.refreshToken,
    (core, { body }, { address }) => refreshToken(core, body.refresh, address),
    { isCounting: true },
  )
  route(host, endpoints.logout, async (ctx, { body }) => {
    await logout(ctx, body.refresh_token)
    return { message: 'Successfully logged out' }
  })
  route(host, endpoints.getProfile, (ctx) => getProfile(ctx))
  route(host, endpoints.replaceProfile, (ctx, { body }) => updateProfile(ctx, body))
  route(host, endpoints.updateProfile, (ctx, { body }) => updateProfile(ctx, body))
  route(host, endpoints.listSessions, async (ctx, { query }, { url }) => {
    const page = await listSessions(ctx, query)
    return new Answer(200, page.rows, toLinkHeader(page, { list: SESSION_LIST, url, keyOf: (row) => [row.id] }))
  })
  route(host, endpoints.endSession, async (ctx, { params }) => {
    await endSession(ctx, params.id)
    return new Answer(204, {})
  })
  route(host, endpoints.endOtherSessions, async (ctx) => {
    await endOtherSessions(ctx)
    return new Answer(204, {})
  })
}
