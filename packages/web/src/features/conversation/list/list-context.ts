import type { Message } from '@confab/client'
import { createContext, useContext } from 'react'

/** How somebody of the room is shown. */
export type Author = Readonly<{ name: string; image: string | null }>

/** What all messages of a list share. */
export type ListContextValue = Readonly<{
  isGroup: boolean
  /** Whether one may delete what others wrote. */
  isAdmin: boolean
  authorOf: (sender: Message['sender']) => Author
  showReaders: (message: Message) => void
}>

export const ListContext = createContext<ListContextValue>({
  isGroup: false,
  isAdmin: false,
  authorOf: ({ username }) => ({ name: username, image: null }),
  showReaders: () => {},
})

/** Of the list that the component is in. */
export function useList(): ListContextValue {
  return useContext(ListContext)
}
