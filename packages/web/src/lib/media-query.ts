import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query holds, as it changes. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}

/** How much room there is: one column, two, or three. The widths are the breakpoints of `theme.css`. */
export type Layout = 'phone' | 'tablet' | 'desktop'

export function useLayout(): Layout {
  const isDesktop = useMediaQuery('(min-width: 68rem)')
  const isTablet = useMediaQuery('(min-width: 45rem)')
  if (isDesktop) return 'desktop'
  return isTablet ? 'tablet' : 'phone'
}
