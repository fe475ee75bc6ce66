import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router'
import { readId } from './read-id.ts'
import { shellRoute } from './shell.ts'

const PeoplePage = lazyRouteComponent(() => import('../../features/people/PeoplePage.tsx'), 'PeoplePage')
const PersonPage = lazyRouteComponent(() => import('../../features/people/PersonPage.tsx'), 'PersonPage')

const tabs = ['requests', 'blocked'] as const
type PeopleTab = (typeof tabs)[number]

/** Friends, requests, blocks, and finding people. */
export const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people',
  staticData: { section: 'people' },
  // What is refused is named and undefined: what is left out here the router takes as it stands in the address.
  validateSearch: (search: Record<string, unknown>): { tab?: PeopleTab | undefined } => ({
    tab: tabs.find((one) => one === search.tab),
  }),
  component: function People() {
    return <PeoplePage tab={peopleRoute.useSearch().tab ?? 'friends'} />
  },
})

/** Somebody's profile. */
export const personRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people/$userId',
  staticData: { section: 'people', isDetail: true },
  params: {
    parse: ({ userId }) => {
      const id = readId(userId)
      if (id === undefined) throw notFound()
      return { userId: id }
    },
    stringify: ({ userId }) => ({ userId: String(userId) }),
  },
  component: function Person() {
    const { userId } = personRoute.useParams()
    return <PersonPage key={userId} userId={userId} />
  },
})
