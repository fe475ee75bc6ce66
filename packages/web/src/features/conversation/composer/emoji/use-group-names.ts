import { useMemo } from 'react'
import { useText } from '../../../../lib/i18n/use-text.ts'

/** What the groups of emoji are called, by their numbers. */
export function useGroupNames(): ReadonlyMap<number, string> {
  const text = useText()
  return useMemo(
    () =>
      new Map([
        [-1, text('composer.group.recent')],
        [0, text('composer.group.smileys')],
        [1, text('composer.group.people')],
        [3, text('composer.group.nature')],
        [4, text('composer.group.food')],
        [5, text('composer.group.travel')],
        [6, text('composer.group.activities')],
        [7, text('composer.group.objects')],
        [8, text('composer.group.symbols')],
        [9, text('composer.group.flags')],
      ]),
    [text],
  )
}
