import { useMatches } from '@tanstack/react-router'

/** The part of the app that is shown. */
export function useSection(): string | undefined {
  return useMatches({ select: (matches) => matches.at(-1)?.staticData.section })
}
