import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { readId } from './read-id.ts'
import { shellRoute } from './shell.ts'

const NewRoomPage = lazyRouteComponent(() => import('../../features/groups/NewRoomPage.tsx'), 'NewRoomPage')

/** Begins a conversation with one person, or a group; `with` names somebody who is to be in it. */
export const newRoomRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/new',
  staticData: { section: 'chats', isDetail: true },
  // What is refused is named and undefined: what is left out here the router takes as it stands in the address.
  validateSearch: (search: Record<string, unknown>): { with?: number | undefined } => ({ with: readId(search.with) }),
  component: function NewRoom() {
    return <NewRoomPage startWith={newRoomRoute.useSearch().with} />
  },
})
