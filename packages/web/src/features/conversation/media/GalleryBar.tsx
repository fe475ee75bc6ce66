import { Dialog } from '@base-ui/react/dialog'
import type { Message } from '@confab/client'
import { Download, X, ZoomIn, ZoomOut } from 'lucide-react'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { IconButton, iconButtonLook } from '../../../ui/IconButton.tsx'
import { useImageText } from './use-image-text.ts'

type GalleryBarProps = {
  message: Message | undefined
  scale: number
  onZoomIn: () => void
  onZoomOut: () => void
}

/** Whose image it is and since when, and what one can do with it. */
export function GalleryBar({ message, scale, onZoomIn, onZoomOut }: GalleryBarProps) {
  const text = useText()
  return (
    <header className="flex h-16 shrink-0 items-center gap-1 px-4">
      <div className="min-w-0 grow">{message ? <About message={message} /> : null}</div>
      <IconButton
        icon={<ZoomOut size={20} aria-hidden />}
        label={text('media.zoom.out')}
        disabled={scale <= 1}
        onClick={onZoomOut}
      />
      <IconButton icon={<ZoomIn size={20} aria-hidden />} label={text('media.zoom.in')} onClick={onZoomIn} />
      {message?.image ? (
        <a
          href={downloadHref(message.image, message.id)}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={text('media.download')}
          data-tooltip={text('media.download')}
          className={iconButtonLook()}
        >
          <Download size={20} aria-hidden />
        </a>
      ) : null}
      <Dialog.Close render={<IconButton icon={<X size={22} aria-hidden />} label={text('media.close')} />} />
    </header>
  )
}

/** An address by which the browser saves the image: `download` of a link counts for nothing on another origin. */
function downloadHref(image: string, id: number): string {
  const url = new URL(image)
  url.searchParams.set('download', `confab-${id}`)
  return url.href
}

function About({ message }: { message: Message }) {
  const { exact } = useFormats()
  const { name } = useImageText(message)
  return (
    <>
      <p dir="auto" className="truncate text-sm font-semibold match-parent">
        {name}
      </p>
      <p className="truncate text-xs text-muted">{exact(message.timestamp)}</p>
    </>
  )
}
