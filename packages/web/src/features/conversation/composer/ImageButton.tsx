import { ImagePlus } from 'lucide-react'
import { useRef } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { IconButton } from '../../../ui/IconButton.tsx'

/** Picks images from the device. */
export function ImageButton({ onPick }: { onPick: (files: File[]) => void }) {
  const text = useText()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={({ target }) => {
          onPick([...(target.files ?? [])])
          // Otherwise the same image could not be picked twice in a row.
          target.value = ''
        }}
      />
      <IconButton
        icon={<ImagePlus size={20} aria-hidden />}
        label={text('composer.attach')}
        tooltipSide="top"
        onClick={() => input.current?.click()}
        className="pointer-coarse:size-11"
      />
    </>
  )
}
