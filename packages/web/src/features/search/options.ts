import type { MessageHit, PersonHit, RoomHit } from '@confab/client'
import type { ReactNode } from 'react'

/** Something that can be done from the palette, whatever one looks for. */
export type Action = Readonly<{ id: string; label: string; icon: ReactNode; run: () => void }>

/** Something that can be chosen in the palette. `id` is one of its own. */
export type Option =
  | Readonly<{ kind: 'action'; id: string; action: Action }>
  | Readonly<{ kind: 'room'; id: string; room: RoomHit }>
  | Readonly<{ kind: 'person'; id: string; person: PersonHit }>
  | Readonly<{ kind: 'message'; id: string; hit: MessageHit }>
  | Readonly<{ kind: 'more'; id: string; load: () => void; isLoading: boolean }>

/** Options under a heading. */
export type OptionGroup = Readonly<{ id: string; title: string; options: readonly Option[] }>

/** All options in the order in which the arrow keys go through them. */
export function flatten(groups: readonly OptionGroup[]): readonly Option[] {
  return groups.flatMap(({ options }) => options)
}
