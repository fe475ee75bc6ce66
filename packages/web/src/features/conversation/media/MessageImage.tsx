import type { Message } from '@confab/client'
import { Link } from '@tanstack/react-router'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'
import { frameLook, frameStyle, imageSizeOf } from './frame.ts'
import { ImageFailure } from './ImageFailure.tsx'
import { useFreshImage } from './use-fresh-image.ts'
import { useImageText } from './use-image-text.ts'

/**
 * The image of a message. Its place has the same shape before the image is there; where that is not the image's own, it
 * stands before its own blurred colours. It opens in the gallery.
 */
export function MessageImage({ message }: { message: Message }) {
  const text = useText()
  const { alt } = useImageText(message)
  const { image, thumbnail, state, attempt, onLoad, onError, retry } = useFreshImage(message)
  if (image === null) return null
  const style = frameStyle(imageSizeOf(message))
  if (state === 'failed') {
    return (
      <div className={frameLook} style={style}>
        <ImageFailure onRetry={retry} />
      </div>
    )
  }
  return (
    <Link
      to="."
      search={(search) => ({ ...search, image: message.id })}
      aria-label={text('media.open', { image: alt })}
      className={classNames(frameLook, 'group cursor-zoom-in')}
      style={style}
    >
      {thumbnail === null ? null : (
        <img
          src={thumbnail}
          alt=""
          decoding="async"
          draggable={false}
          className="absolute inset-0 size-full scale-125 object-cover opacity-80 blur-lg"
        />
      )}
      {state === 'loading' ? <span aria-hidden className="absolute inset-0 animate-shimmer bg-line/40" /> : null}
      <img
        key={attempt}
        src={image}
        alt={alt}
        loading="lazy"
        decoding="async"
        draggable={false}
        onLoad={onLoad}
        onError={onError}
        className={classNames(
          'relative size-full object-contain transition-opacity duration-(--calm)',
          state === 'loading' && 'opacity-0',
        )}
      />
    </Link>
  )
}
