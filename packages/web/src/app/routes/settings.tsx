import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from './shell.ts'

const SettingsPage = lazyRouteComponent(() => import('../../features/settings/SettingsPage.tsx'), 'SettingsPage')

/** All sections of the settings; on wider screens the first of them beside the list. */
export const settingsIndexRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  staticData: { section: 'settings' },
  component: function AllSettings() {
    return <SettingsPage section={undefined} />
  },
})

/** One section. Which there are the settings know themselves. */
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/$section',
  staticData: { section: 'settings', isDetail: true },
  component: function Settings() {
    return <SettingsPage section={settingsRoute.useParams().section} />
  },
})
