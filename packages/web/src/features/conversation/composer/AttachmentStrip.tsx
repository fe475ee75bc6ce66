import { useChat } from '@confab/client/react'
import { TriangleAlert, X } from 'lucide-react'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { useObjectUrl } from '../media/use-object-url.ts'
import { type Attachment, removeAttachment } from './attachments.ts'

/** The images that are sent with the next message. */
export function AttachmentStrip({ room, attachments }: { room: number; attachments: readonly Attachment[] }) {
  const text = useText()
  return (
    <ul aria-label={text('composer.attachments')} className="flex gap-3 overflow-x-auto pt-2 pb-1">
      {attachments.map((attachment) => (
        <li key={attachment.id} className="shrink-0">
          <Preview attachment={attachment} onRemove={() => removeAttachment(room, attachment.id)} />
        </li>
      ))}
    </ul>
  )
}

function Preview({ attachment, onRemove }: { attachment: Attachment; onRemove: () => void }) {
  const text = useText()
  const { bytes } = useFormats()
  const megabytes = useChat(({ limits }) => limits?.upload_mb ?? 0)
  const { name, file, image, problem } = attachment
  const url = useObjectUrl(file)
  const problems = {
    unreadable: text('composer.attachment.unreadable'),
    too_large: text('composer.attachment.too_large', { megabytes }),
  }
  return (
    <div className="relative flex w-24 flex-col gap-1">
      <div
        className={classNames('relative size-24 overflow-hidden rounded-md bg-sunken', problem && 'ring-2 ring-danger')}
      >
        {problem === 'unreadable' || url === undefined ? null : (
          <img src={url} alt={name} className="size-full object-cover" />
        )}
        {image || problem ? null : (
          <span role="status" className="absolute inset-0 grid place-items-center bg-scrim text-on-accent">
            <Spinner size={22} />
            <span className="sr-only">{text('composer.attachment.preparing')}</span>
          </span>
        )}
        {problem ? (
          <span aria-hidden className="absolute inset-0 grid place-items-center bg-danger-soft/80 text-danger-ink">
            <TriangleAlert size={24} />
          </span>
        ) : null}
      </div>
      <p
        {...(problem ? { role: 'alert' } : {})}
        className={classNames('line-clamp-2 text-2xs', problem ? 'text-danger-ink' : 'text-muted')}
      >
        {problem ? problems[problem] : image ? bytes(image.size) : name}
      </p>
      <IconButton
        size="sm"
        icon={<X size={14} aria-hidden />}
        label={text('composer.attachment.remove', { name })}
        tooltipSide="top"
        onClick={onRemove}
        className="absolute -end-2 -top-2 size-6! rounded-full! border border-line bg-raised text-ink shadow-card"
      />
    </div>
  )
}
