import type { Message } from '@confab/client'
import { type ComponentProps, useEffect } from 'react'
import { classNames } from '../../../ui/class-names.ts'
import { announce } from '../../../ui/LiveRegion.tsx'
import { ImageFailure } from './ImageFailure.tsx'
import { useFreshImage } from './use-fresh-image.ts'
import { useImageText } from './use-image-text.ts'
import type { Zoom } from './zoom.ts'

type GalleryImageProps = { message: Message; zoom: Zoom; handlers: ComponentProps<'div'> }

/** An image as large as there is room; its small version until it is here. */
export function GalleryImage({ message, zoom, handlers }: GalleryImageProps) {
  const { alt } = useImageText(message)
  const { image, thumbnail, state, attempt, onLoad, onError, retry } = useFreshImage(message)
  useEffect(() => announce(alt), [alt])
  if (image === null) return null
  if (state === 'failed') return <ImageFailure onRetry={retry} />
  const isZoomed = zoom.scale > 1
  return (
    <div
      {...handlers}
      className={classNames(
        'absolute inset-0 touch-none overflow-hidden select-none',
        isZoomed ? 'cursor-grab active:cursor-grabbing' : 'cursor-zoom-in',
      )}
    >
      {state === 'loading' && thumbnail !== null ? (
        <img src={thumbnail} alt="" className="absolute inset-0 size-full object-contain blur-md" />
      ) : null}
      <img
        key={attempt}
        src={image}
        alt={alt}
        draggable={false}
        onLoad={onLoad}
        onError={onError}
        className="relative size-full object-contain"
        style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
      />
    </div>
  )
}
