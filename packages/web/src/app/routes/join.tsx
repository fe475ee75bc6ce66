import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { client } from '../client.ts'
import { rootRoute } from './root.ts'

const JoinPage = lazyRouteComponent(() => import('../../features/entry/JoinPage.tsx'), 'JoinPage')

/** An invitation. Whoever is not logged in is asked to log in or sign up first, and comes back. */
export const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join/$shareId',
  loader: async () => ({ isLoggedIn: (await client.http.tokens()) !== undefined }),
  staleTime: 0,
  component: function Join() {
    const { shareId } = joinRoute.useParams()
    return <JoinPage shareId={shareId} isLoggedIn={joinRoute.useLoaderData().isLoggedIn} />
  },
})
