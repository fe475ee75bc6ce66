import type { OutboxEntry } from '@confab/client'
import { useClient } from '@confab/client/react'
import { X } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { frameLook, frameStyle } from './frame.ts'
import { useObjectUrl } from './use-object-url.ts'

/** The image of a message that is not sent yet: how much of it is on its way, and how to stop it. */
export function OutboxImage({ entry }: { entry: OutboxEntry }) {
  const text = useText()
  const client = useClient()
  const url = useObjectUrl(entry.image)
  if (!entry.image) return null
  const isUnderWay = entry.status === 'queued' || entry.status === 'sending'
  return (
    <div className={frameLook} style={frameStyle(entry.imageSize)}>
      {url === undefined ? null : (
        <>
          <img src={url} alt="" className="absolute inset-0 size-full scale-125 object-cover opacity-80 blur-lg" />
          <img
            src={url}
            alt={text('media.own')}
            className={classNames('relative size-full object-contain', entry.status !== 'sent' && 'opacity-80')}
          />
        </>
      )}
      {isUnderWay ? (
        <>
          <IconButton
            size="sm"
            icon={<X size={18} aria-hidden />}
            label={text('media.cancel')}
            className="absolute end-2 top-2 rounded-full! bg-raised text-ink shadow-float"
            onClick={() => client.discard(entry.clientId)}
          />
          <div className="absolute inset-x-3 bottom-3 rounded-full bg-raised p-1 shadow-float">
            <ProgressBar
              label={text('media.progress')}
              value={entry.status === 'sending' && entry.progress > 0 ? entry.progress : null}
            />
          </div>
        </>
      ) : null}
    </div>
  )
}
