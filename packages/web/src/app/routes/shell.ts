import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { requireLogin } from './guards.ts'
import { rootRoute } from './root.ts'

/** Everything that needs a login stands in the shell. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: requireLogin,
  component: lazyRouteComponent(() => import('../shell/Shell.tsx'), 'Shell'),
})
