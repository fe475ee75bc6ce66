import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { readNext, requireNobody } from './guards.ts'
import { rootRoute } from './root.ts'

const LoginPage = lazyRouteComponent(() => import('../../features/entry/LoginPage.tsx'), 'LoginPage')

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: readNext,
  beforeLoad: requireNobody,
  component: function Login() {
    return <LoginPage next={loginRoute.useSearch().next} />
  },
})
