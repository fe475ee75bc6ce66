import { classNames } from '../../../ui/class-names.ts'

/** Where a bubble stands, and what is to be seen of it. */
export type BubbleLook = Readonly<{ isMine: boolean; isLast: boolean; isMarked?: boolean; isEdited?: boolean }>

/** What the bubble of a message looks like; the last of a run points at who said it. */
export function bubbleLook({ isMine, isLast, isMarked = false, isEdited = false }: BubbleLook): string {
  return classNames(
    'relative min-w-0 rounded-lg px-3 py-1.5 text-base text-ink shadow-card transition-colors duration-500',
    isLast && (isMine ? 'rounded-ee-sm' : 'rounded-es-sm'),
    isMarked ? 'bg-fresh-soft' : isMine ? 'bg-bubble-own' : 'bg-bubble-other',
    isEdited && 'outline-2 outline-offset-2 outline-accent',
  )
}

/** The line of a message, from edge to edge: what can be pointed at. */
export function lineLook({ isMine, isFirst }: { isMine: boolean; isFirst: boolean }): string {
  return classNames(
    'flex items-end gap-2 pointer-coarse:select-none',
    isMine && 'justify-end',
    isFirst ? 'pt-2.5' : 'pt-0.5',
  )
}

/** Text and time side by side where there is room for both, below each other where there is not. */
export const contentLook = 'flex flex-wrap items-end justify-end gap-x-3'
