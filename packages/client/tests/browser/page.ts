/** A page with a conversation, as small as it can be: what the browser of the tests shows. */
import { createClient } from '@confab/client/client'
import type { Message } from '@confab/client/contract.gen'
import {
  ChatProvider,
  useDelivery,
  useMe,
  useMessages,
  useRooms,
  useStatus,
  useTyping,
} from '@confab/client/react/index'
import { createElement as h, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

const { searchParams } = new URL(location.href)
const chat = createClient({ url: searchParams.get('server') ?? '' })

function Line({ message }: { message: Message }) {
  const delivery = useDelivery(message)
  const isMine = message.sender.id === useMe()?.id
  return h('li', null, `${message.content}${message.image ? ' [image]' : ''}${isMine ? ` (${delivery})` : ''}`)
}

function Conversation({ room }: { room: number }) {
  const { messages, outbox, isLoaded } = useMessages(room)
  const typists = useTyping(room)
  return h(
    'section',
    { 'data-loaded': isLoaded },
    h('ul', { id: 'messages' }, ...messages.map((message) => h(Line, { key: message.id, message }))),
    h('ul', { id: 'outbox' }, ...outbox.map((one) => h('li', { key: one.clientId }, `${one.content} (${one.status})`))),
    h('p', { id: 'typing' }, typists.map(({ username }) => username).join()),
  )
}

function Page() {
  const { rooms } = useRooms()
  const [room] = rooms
  return h('main', null, h('p', { id: 'status' }, useStatus()), room ? h(Conversation, { room: room.id }) : null)
}

Object.assign(globalThis, { chat })
await chat.start()
const root = document.getElementById('root')
if (root) createRoot(root).render(h(StrictMode, null, h(ChatProvider, { client: chat }, h(Page))))
