import { Camera, ImageUp, Trash2 } from 'lucide-react'
import {
  type ComponentProps,
  cloneElement,
  type DragEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { classNames } from './class-names.ts'
import { Menu } from './Menu.tsx'
import { PictureCrop, preloadPictureCrop } from './PictureCrop.tsx'

export type PicturePickerProps = {
  /** What is shown now: an `Avatar` of size `xl`. */
  children: ReactNode
  /** Names the button: whose picture it changes. */
  label: string
  /** Takes the picture, cropped. */
  onPick: (picture: Blob) => Promise<unknown>
  /** Takes it away; leave it out where there is none. */
  onRemove?: (() => void) | undefined
  /** Of the camera on it: `sm` for an `Avatar` of size `lg`. */
  size?: 'sm' | 'md'
}

const frameClass =
  'group relative rounded-full transition-opacity data-[over=true]:opacity-60 data-[over=true]:outline-2 ' +
  'data-[over=true]:outline-offset-4 data-[over=true]:outline-accent data-[over=true]:outline-dashed'

/**
 * A picture that can be changed: from a file, dropped onto it, or pasted while it is shown and nothing is written. What
 * was picked is cropped first.
 */
export function PicturePicker({ children, label, onPick, onRemove, size = 'md' }: PicturePickerProps) {
  const text = useText()
  const file = useRef<HTMLInputElement>(null)
  const [source, setSource] = useState<Blob>()
  const [isOver, setIsOver] = useState(false)
  usePastedImage(setSource)
  const choose = () => file.current?.click()
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const image = firstImage(event.dataTransfer.files)
    if (image) setSource(image)
  }
  const onDragOver = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(true)
  }
  const button: ReactElement<ComponentProps<'button'>> = (
    <button type="button" aria-label={label} className="absolute inset-0 rounded-full">
      <Badge size={size} />
    </button>
  )
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only what is dragged lands on it; the button does the same */}
      <div
        data-over={isOver}
        className={frameClass}
        onDrop={onDrop}
        onDragOver={onDragOver}
        onDragLeave={() => setIsOver(false)}
      >
        {children}
        {onRemove ? (
          <Menu
            align="center"
            trigger={button}
            entries={[
              { key: 'choose', label: text('ui.picture.choose'), icon: <ImageUp size={18} />, onSelect: choose },
              {
                key: 'remove',
                label: text('ui.picture.remove'),
                icon: <Trash2 size={18} />,
                isDangerous: true,
                onSelect: onRemove,
              },
            ]}
          />
        ) : (
          cloneElement(button, { onClick: choose, onPointerEnter: preloadPictureCrop })
        )}
      </div>
      <input
        ref={file}
        type="file"
        accept="image/*"
        hidden
        aria-label={label}
        onChange={({ target }) => {
          setSource(firstImage(target.files))
          // The same file may be picked twice in a row.
          target.value = ''
        }}
      />
      <PictureCrop source={source} onClose={() => setSource(undefined)} onCropped={onPick} />
    </>
  )
}

function Badge({ size }: { size: 'sm' | 'md' }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'absolute end-0 bottom-0 grid place-items-center rounded-full border-2 border-surface bg-accent',
        'text-on-accent shadow-card transition-colors group-hover:bg-accent-hover',
        size === 'sm' ? 'size-7' : 'size-9',
      )}
    >
      <Camera size={size === 'sm' ? 14 : 17} />
    </span>
  )
}

function usePastedImage(onImage: (image: Blob) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (isEditable(event.target)) return
      const image = firstImage(event.clipboardData?.files)
      if (!image) return
      event.preventDefault()
      onImage(image)
    }
    addEventListener('paste', onPaste)
    return () => removeEventListener('paste', onPaste)
  }, [onImage])
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null
}

function firstImage(files: FileList | null | undefined): File | undefined {
  return [...(files ?? [])].find(({ type }) => type.startsWith('image/'))
}
