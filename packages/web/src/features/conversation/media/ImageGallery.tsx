import { Dialog } from '@base-ui/react/dialog'
import { useDirection } from '@base-ui/react/direction-provider'
import type { Message } from '@confab/client'
import { useChat } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorState } from '../../../ui/ErrorState.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { GalleryBar } from './GalleryBar.tsx'
import { GalleryImage } from './GalleryImage.tsx'
import { type Swipe, useGestures } from './use-gestures.ts'
import { useRoomImages } from './use-room-images.ts'

/** How much larger or smaller a press makes an image. */
const STEP = 1.5

/** By which factor a key zooms; 0 is the whole image. */
const zoomKeys = new Map([
  ['+', STEP],
  ['=', STEP],
  ['-', 1 / STEP],
  ['0', 0],
])

/** The images of a room, one at a time over the whole window. Which one is in the address: going back closes it. */
export function ImageGallery({ roomId, messageId }: { roomId: number; messageId: number }) {
  const text = useText()
  const navigate = useNavigate()
  const room = useChat(({ rooms }) => rooms.byId[roomId]?.chat_name)
  const { images, hasOlder, isLoading, error, loadOlder } = useRoomImages(roomId, messageId)
  const isRtl = useDirection() === 'rtl'
  const popup = useRef<HTMLDivElement>(null)

  const index = images.findIndex(({ id }) => id === messageId)
  const shown = images[index]
  const older = index > 0 ? images[index - 1] : undefined
  const newer = index >= 0 ? images[index + 1] : undefined
  usePreloaded(older, newer)

  const go = (image: number | undefined) =>
    void navigate({ to: '.', search: (search) => ({ ...search, image }), replace: true })
  const show = (message: Message | undefined) => message && go(message.id)
  // A finger that pulls to the left brings what stands on the right.
  const onSwipe = (swipe: Swipe) => {
    if (swipe === 'down') go(undefined)
    else show((swipe === 'left') === isRtl ? older : newer)
  }
  const gestures = useGestures(messageId, onSwipe)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { key } = event
    const factor = zoomKeys.get(key)
    const wanted = [
      { key: isRtl ? 'ArrowRight' : 'ArrowLeft', message: older },
      { key: isRtl ? 'ArrowLeft' : 'ArrowRight', message: newer },
      { key: 'Home', message: images[0] },
      { key: 'End', message: images.at(-1) },
    ].find((one) => one.key === key)
    if (factor === undefined && !wanted) return
    event.preventDefault()
    if (factor !== undefined) gestures.zoomBy(factor)
    else show(wanted?.message)
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && go(undefined)}>
      <Dialog.Portal>
        <Dialog.Popup
          ref={popup}
          // Not a button: its keys are those of the images, and a tooltip would be in front of them.
          initialFocus={popup}
          data-theme="dark"
          onKeyDown={onKeyDown}
          className="fixed inset-0 z-40 flex flex-col bg-canvas text-ink outline-none"
        >
          <Dialog.Title className="sr-only">{text('media.gallery', { room: room ?? '' })}</Dialog.Title>
          <GalleryBar
            message={shown}
            scale={gestures.zoom.scale}
            onZoomIn={() => gestures.zoomBy(STEP)}
            onZoomOut={() => gestures.zoomBy(1 / STEP)}
          />
          <div className="relative min-h-0 grow">
            {shown ? (
              <GalleryImage key={shown.id} message={shown} zoom={gestures.zoom} handlers={gestures.handlers} />
            ) : (
              <Missing isLoading={isLoading || hasOlder} error={error} onRetry={() => void loadOlder()} />
            )}
            <Arrow side="start" label={text('media.older')} onPress={older && (() => show(older))} />
            <Arrow side="end" label={text('media.newer')} onPress={newer && (() => show(newer))} />
          </div>
          {shown?.content ? (
            <p dir="auto" className="line-clamp-3 shrink-0 px-6 py-3 text-center text-sm whitespace-pre-wrap">
              {shown.content}
            </p>
          ) : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Arrow({ side, label, onPress }: { side: 'start' | 'end'; label: string; onPress: (() => void) | undefined }) {
  const Icon = side === 'start' ? ChevronLeft : ChevronRight
  if (!onPress) return null
  return (
    <IconButton
      size="lg"
      icon={<Icon size={26} aria-hidden className="rtl:-scale-x-100" />}
      label={label}
      onClick={onPress}
      className={`absolute top-1/2 -translate-y-1/2 rounded-full! bg-raised/80 text-ink ${side === 'start' ? 'start-3' : 'end-3'}`}
    />
  )
}

function Missing({ isLoading, error, onRetry }: { isLoading: boolean; error: unknown; onRetry: () => void }) {
  const text = useText()
  if (error !== undefined) return <ErrorState error={error} onRetry={onRetry} />
  if (!isLoading) return <EmptyState title={text('media.gone')} />
  return (
    <div role="status" className="grid size-full place-items-center">
      <Spinner size={32} />
      <span className="sr-only">{text('media.loading')}</span>
    </div>
  )
}

/** The neighbours are fetched while one looks at what is between them. */
function usePreloaded(...messages: readonly (Message | undefined)[]) {
  const addresses = messages.map((message) => message?.image ?? '').join('\n')
  useEffect(() => {
    for (const address of addresses.split('\n').filter(Boolean)) new Image().src = address
  }, [addresses])
}
