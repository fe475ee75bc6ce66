import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from './shell.ts'

/** The chats. On a phone the list alone, beside it on wider screens what to do first. */
export const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  staticData: { section: 'chats' },
  component: lazyRouteComponent(() => import('../../features/rooms/WelcomePage.tsx'), 'WelcomePage'),
})
