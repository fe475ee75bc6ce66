import type { Participant } from '@confab/client'
import { useChat, useMe } from '@confab/client/react'
import { useMemo } from 'react'
import { displayName, isDeleted } from '../../../lib/names.ts'
import type { CompletionQuery } from './completion.ts'
import { type Emoji, useCatalog } from './emoji/catalog.ts'
import { searchEmoji } from './emoji/search.ts'

/** Something that may be meant. */
export type Suggestion =
  | Readonly<{ kind: 'mention'; key: string; person: Participant }>
  | Readonly<{ kind: 'emoji'; key: string; emoji: Emoji }>

/** More of them are no help. */
const MAX_SUGGESTIONS = 8

const none: readonly Suggestion[] = []

/** What may be meant by what is being written, best first. */
export function useSuggestions(room: number, query: CompletionQuery | undefined): readonly Suggestion[] {
  const me = useMe()?.id
  const members = useChat(({ details }) => details[room]?.participants)
  const catalog = useCatalog(query?.kind === 'emoji')
  return useMemo(() => {
    if (query?.kind === 'mention') return suggestPeople(members?.filter(({ id }) => id !== me) ?? [], query.query)
    if (query?.kind !== 'emoji' || !catalog) return none
    return searchEmoji(catalog.emoji, query.query, MAX_SUGGESTIONS).map((emoji): Suggestion => {
      return { kind: 'emoji', key: emoji.unicode, emoji }
    })
  }, [query?.kind, query?.query, members, me, catalog])
}

/** Members whose username or a word of whose name begins so; those whose username does come first. */
export function suggestPeople(members: readonly Participant[], query: string): readonly Suggestion[] {
  const begun = query.toLocaleLowerCase()
  const rank = (person: Participant) => {
    if (person.username.toLocaleLowerCase().startsWith(begun)) return 2
    const words = displayName(person).toLocaleLowerCase().split(/\s+/)
    return words.some((word) => word.startsWith(begun)) ? 1 : 0
  }
  return members
    .filter((person) => rank(person) > 0 && !isDeleted(person))
    .sort((one, other) => rank(other) - rank(one) || one.username.localeCompare(other.username))
    .slice(0, MAX_SUGGESTIONS)
    .map((person) => ({ kind: 'mention', key: String(person.id), person }))
}
