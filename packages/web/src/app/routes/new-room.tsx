import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from './shell.ts'

/** Begins a conversation with one person, or a group. */
export const newRoomRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/new',
  staticData: { section: 'chats', isDetail: true },
  component: lazyRouteComponent(() => import('../../features/groups/NewRoomPage.tsx'), 'NewRoomPage'),
})
