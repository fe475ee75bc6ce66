import { createRouter } from '@tanstack/react-router'
import { client } from './client.ts'
import { ErrorPage } from './ErrorPage.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { PendingPage } from './PendingPage.tsx'
import { homeRoute } from './routes/home.tsx'
import { joinRoute } from './routes/join.tsx'
import { loginRoute } from './routes/login.tsx'
import { newRoomRoute } from './routes/new-room.tsx'
import { notificationsRoute } from './routes/notifications.tsx'
import { peopleRoute, personRoute } from './routes/people.tsx'
import { roomRoute } from './routes/room.tsx'
import { rootRoute } from './routes/root.ts'
import { settingsIndexRoute, settingsRoute } from './routes/settings.tsx'
import { shellRoute } from './routes/shell.ts'
import { signupRoute } from './routes/signup.tsx'

const routeTree = rootRoute.addChildren([
  loginRoute,
  signupRoute,
  joinRoute,
  shellRoute.addChildren([
    homeRoute,
    roomRoute,
    newRoomRoute,
    peopleRoute,
    personRoute,
    notificationsRoute,
    settingsIndexRoute,
    settingsRoute,
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** Which part of the app it is of. */
    section?: 'chats' | 'people' | 'notifications' | 'settings'
    /** On a phone: whether it has the screen to itself, with a way back instead of the bar at the bottom. */
    isDetail?: boolean
  }
}

// A login that ends, here or elsewhere, leads to the login and from there back to where one was.
// Whoever leaves by choice begins anew.
client.on('logged_out', (why) => {
  const { pathname, href } = router.state.location
  if (/^\/(login|signup|join)(\/|$)/.test(pathname)) return
  void router.navigate({ to: '/login', search: why === 'ended' ? { next: href, ended: true } : {} })
})
