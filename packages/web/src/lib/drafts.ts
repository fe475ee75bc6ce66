import { useMe } from '@confab/client/react'
import { useCallback } from 'react'
import { createStored, useStored } from './stored.ts'

/** What somebody began to write, by room. */
export type Drafts = Readonly<Record<string, string>>

/** By person: on a device that several use nobody sees another's. */
const stored = createStored<Readonly<Record<string, Drafts>>>('confab.drafts', (value) =>
  typeof value === 'object' ? { ...value } : {},
)

const none: Drafts = {}

/** All drafts of the person, by room id. */
export function useDrafts(): Drafts {
  const me = useMe()
  const all = useStored(stored)
  return (me && all[me.id]) ?? none
}

/** The draft of a room, and how to change it; an empty one is forgotten. It survives reloads and a login that ran out. */
export function useDraft(room: number): [draft: string, set: (draft: string) => void] {
  const me = useMe()?.id
  const draft = useDrafts()[room] ?? ''
  const set = useCallback(
    (next: string) => {
      if (me !== undefined) setDraft(me, room, next)
    },
    [me, room],
  )
  return [draft, set]
}

/** Forgets what a person began to write: when they log out. */
export function forgetDrafts(person: number): void {
  const { [person]: _, ...rest } = stored.get()
  stored.set(rest)
}

function setDraft(person: number, room: number, draft: string): void {
  const all = stored.get()
  const { [room]: _, ...rest } = all[person] ?? none
  stored.set({ ...all, [person]: draft.trim() === '' ? rest : { ...rest, [room]: draft } })
}
