import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { readNext, requireNobody } from './guards.ts'
import { rootRoute } from './root.ts'

const SignupPage = lazyRouteComponent(() => import('../../features/entry/SignupPage.tsx'), 'SignupPage')

export const signupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signup',
  validateSearch: readNext,
  beforeLoad: requireNobody,
  component: function Signup() {
    return <SignupPage next={signupRoute.useSearch().next} />
  },
})
