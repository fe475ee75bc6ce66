import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router'
import { Suspense } from 'react'
import { RoomLayout } from '../shell/RoomLayout.tsx'
import { readId } from './read-id.ts'
import { shellRoute } from './shell.ts'

/** What stands beside a conversation. */
export type RoomPanel = 'info' | 'media' | 'search'

const panels: readonly RoomPanel[] = ['info', 'media', 'search']

const ConversationPage = lazyRouteComponent(
  () => import('../../features/conversation/ConversationPage.tsx'),
  'ConversationPage',
)
const ImageGallery = lazyRouteComponent(
  () => import('../../features/conversation/media/ImageGallery.tsx'),
  'ImageGallery',
)
const RoomInfoPanel = lazyRouteComponent(() => import('../../features/groups/RoomInfoPanel.tsx'), 'RoomInfoPanel')
const PersonCard = lazyRouteComponent(() => import('../../features/people/PersonCard.tsx'), 'PersonCard')
const RoomMediaPanel = lazyRouteComponent(() => import('../../features/groups/RoomMediaPanel.tsx'), 'RoomMediaPanel')
const RoomSearchPanel = lazyRouteComponent(() => import('../../features/search/RoomSearchPanel.tsx'), 'RoomSearchPanel')

/** Who the other is, in a direct room. */
const renderPerson = (userId: number) => <PersonCard userId={userId} isInConversation />

/** A conversation: `message` is shown and marked in it, `panel` stands beside it, `image` is the message whose image is open. */
export const roomRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/rooms/$roomId',
  staticData: { section: 'chats', isDetail: true },
  params: {
    parse: ({ roomId }) => {
      const id = readId(roomId)
      if (id === undefined) throw notFound()
      return { roomId: id }
    },
    stringify: ({ roomId }) => ({ roomId: String(roomId) }),
  },
  // What is refused is named and undefined: what is left out here the router takes as it stands in the address.
  validateSearch: (
    search: Record<string, unknown>,
  ): { message?: number | undefined; panel?: RoomPanel | undefined; image?: number | undefined } => ({
    message: readId(search.message),
    panel: panels.find((one) => one === search.panel),
    image: readId(search.image),
  }),
  component: function RoomPage() {
    const { roomId } = roomRoute.useParams()
    const { message, panel, image } = roomRoute.useSearch()
    return (
      <>
        <RoomLayout
          conversation={<ConversationPage key={roomId} roomId={roomId} messageId={message} panel={panel} />}
          panel={
            (panel === 'info' && <RoomInfoPanel key={roomId} roomId={roomId} renderPerson={renderPerson} />) ||
            (panel === 'media' && <RoomMediaPanel key={roomId} roomId={roomId} />) ||
            (panel === 'search' && <RoomSearchPanel key={roomId} roomId={roomId} />) ||
            undefined
          }
        />
        {image === undefined ? null : (
          <Suspense>
            <ImageGallery roomId={roomId} messageId={image} />
          </Suspense>
        )}
      </>
    )
  },
})
