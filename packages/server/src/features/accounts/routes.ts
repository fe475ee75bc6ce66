import * as endpoints from '@confab/contract/accounts/requests'
import { publicRoute, type RouteHost, route } from '../../http/route.ts'
import { login, logout, refreshToken, register } from './service.ts'

/** Accounts: `/api/register/`, `/api/login/`, tokens, the profile and the sessions. */
export function accountsRoutes(host: RouteHost): void {
  publicRoute(host, endpoints.register, async (core, { body }, device) => ({
    message: 'User created successfully',
    tokens: await register(core, body, device),
  }))
  publicRoute(host, endpoints.login, async (core, { body }, device) => ({ tokens: await login(core, body, device) }))
  publicRoute(host, endpoints.refreshToken, (core, { body }) => refreshToken(core, body.refresh))
  route(host, endpoints.logout, async (ctx, { body }) => {
    await logout(ctx, body.refresh_token)
    return { message: 'Successfully logged out' }
  })
}
