import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { readNext, requireNobody } from './guards.ts'
import { rootRoute } from './root.ts'

const LoginPage = lazyRouteComponent(() => import('../../features/entry/LoginPage.tsx'), 'LoginPage')

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  // `ended`: one was logged in a moment ago.
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined; ended?: true | undefined } => ({
    ...readNext(search),
    ended: search.ended === true ? true : undefined,
  }),
  beforeLoad: requireNobody,
  component: function Login() {
    const { next, ended = false } = loginRoute.useSearch()
    return <LoginPage next={next} hasEnded={ended} />
  },
})
