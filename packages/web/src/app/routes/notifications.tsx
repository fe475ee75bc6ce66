import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from './shell.ts'

export const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications',
  staticData: { section: 'notifications' },
  component: lazyRouteComponent(
    () => import('../../features/notifications/NotificationsPage.tsx'),
    'NotificationsPage',
  ),
})
