/** `@confab/client/react`: the client as hooks. A component is drawn again when the part that it looks at is another. */
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react'
import type { ChatClient } from '../client.ts'
import type { Message, Profile } from '../contract.gen.ts'
import { deliveryOf, readersOf } from '../receipts/reducers.ts'
import { selectMessages, selectOutbox, selectRooms, selectTypists, selectWindow } from '../selectors.ts'
import type { Notifications, OutboxEntry, People, Presence, RoomEntry, State, Status, Typist } from '../state.ts'
import type { IsEqual } from '../store.ts'

const ClientContext = createContext<ChatClient | undefined>(undefined)

/** Gives the components inside it a client. */
export function ChatProvider({ client, children }: { client: ChatClient; children?: ReactNode }): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children)
}

/** The client of the nearest `ChatProvider`. @throws Error where there is none */
export function useClient(): ChatClient {
  const client = useContext(ClientContext)
  if (!client) throw new Error('There is no ChatProvider around this component.')
  return client
}

/**
 * A part of the state.
 *
 * @param isEqual where the selector makes something new each time: when two of them count as the same
 */
export function useChat<T>(selector: (state: State) => T, isEqual: IsEqual<T> = Object.is): T {
  const { store } = useClient()
  const last = useRef<{ state: State; selector: unknown; selected: T } | undefined>(undefined)
  const look = () => {
    const state = store.get()
    const known = last.current
    if (known?.state === state && known.selector === selector) return known.selected
    const selected = selector(state)
    const isSame = known !== undefined && isEqual(known.selected, selected)
    last.current = { state, selector, selected: isSame ? known.selected : selected }
    return last.current.selected
  }
  return useSyncExternalStore(store.subscribe, look, look)
}

/** How the connection is doing. */
export function useStatus(): Status {
  return useChat(({ status }) => status)
}

/** One's own profile; undefined until it is known. */
export function useMe(): Profile | undefined {
  return useChat(({ me }) => me)
}

/** The list of rooms, latest activity first, and how to get more of it. */
export function useRooms(): {
  rooms: readonly RoomEntry[]
  isReady: boolean
  hasMore: boolean
  loadMore(): Promise<void>
} {
  const client = useClient()
  const rooms = useChat(selectRooms)
  const isReady = useChat((state) => state.isReady)
  const hasMore = useChat((state) => state.rooms.next !== null)
  return { rooms, isReady, hasMore, loadMore: () => client.rooms.loadMore() }
}

/** A room of the list. */
export function useRoom(id: number): RoomEntry | undefined {
  return useChat(({ rooms }) => rooms.byId[id])
}

/** What a view of a room's messages works with. */
export type MessagesView = Readonly<{
  messages: readonly Message[]
  /** What is not a message of the room yet: to be shown behind the messages. */
  outbox: readonly OutboxEntry[]
  isLoaded: boolean
  hasOlder: boolean
  hasNewer: boolean
  loadOlder(): Promise<boolean>
  loadNewer(): Promise<boolean>
  showNewest(): Promise<void>
  showMessage(id: number): Promise<boolean>
  showDate(date: Date): Promise<number | undefined>
}>

/** The messages of a room, fetched and kept up to date for as long as the component is there. */
export function useMessages(room: number): MessagesView {
  const client = useClient()
  useEffect(() => client.messages.open(room), [client, room])
  const window = useChat((state) => selectWindow(state, room))
  const messages = useChat((state) => selectMessages(state, room))
  const outbox = useOutbox(room)
  const actions = useMemo(
    () => ({
      loadOlder: () => client.messages.loadOlder(room),
      loadNewer: () => client.messages.loadNewer(room),
      showNewest: () => client.messages.showNewest(room),
      showMessage: (id: number) => client.messages.showMessage(room, id),
      showDate: (date: Date) => client.messages.showDate(room, date),
    }),
    [client, room],
  )
  const hasOlder = window !== undefined && window.older !== null
  const hasNewer = window !== undefined && window.newer !== null
  return { messages, outbox, isLoaded: window !== undefined, hasOlder, hasNewer, ...actions }
}

/** What waits to be sent in a room, in the order in which it was written. */
export function useOutbox(room: number): readonly OutboxEntry[] {
  return useChat((state) => selectOutbox(state, room))
}

/** Who is typing in a room, but for oneself. */
export function useTyping(room: number): readonly Typist[] {
  return useChat((state) => selectTypists(state, room))
}

/** Whether somebody is there; undefined where nothing is known. */
export function usePresence(userId: number): Presence | undefined {
  return useChat(({ presence }) => presence[userId])
}

/** The ids of those who have read a message. */
export function useReaders(message: Message): readonly number[] {
  return useChat((state) => readersOf(state, message), isSameList)
}

/** What became of a message of one's own. */
export function useDelivery(message: Message): 'delivered' | 'read' {
  return useChat((state) => deliveryOf(state, message))
}

/** One's notifications, fetched when the first component asks for them, and kept up to date. */
export function useNotifications(): Notifications & { loadMore(): Promise<void> } {
  const client = useClient()
  const notifications = useChat((state) => state.notifications)
  useEffect(() => client.notifications.keep(), [client])
  return { ...notifications, loadMore: () => client.notifications.loadMore() }
}

/** Friends, requests and blocks, fetched when the first component asks for them, and kept up to date. */
export function usePeople(): People {
  const client = useClient()
  useEffect(() => client.people.keep(), [client])
  return useChat((state) => state.people)
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}
