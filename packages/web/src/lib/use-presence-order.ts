import type { State } from '@confab/client'
import { useChat } from '@confab/client/react'
import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import { displayName } from './names.ts'
import { byPresence } from './presence-order.ts'

type Named = { id: number; username: string; full_name?: string | null }

/** People with those who are there first, then by name; a new list only when the order is another. */
export function usePresenceOrder<Person extends Named>(people: readonly Person[]): Person[] {
  const { locale } = useIntl()
  const presence = useChat((state: State) => state.presence)
  return useMemo(() => {
    const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
    return byPresence(people, { isOnline: (id) => presence[id]?.online_status === true, nameOf: displayName, compare })
  }, [people, presence, locale])
}
