import { Suspense, useState } from 'react'
import { lazyPart } from './lazy-part.tsx'
import type { PictureCropProps } from './picture-crop-props.ts'

const load = () => import('./PictureCropDialog.tsx')
const PictureCropDialog = lazyPart(async () => (await load()).PictureCropDialog)

/** Has somebody choose the part of a picture that becomes theirs, or their group's. Loaded when it is first wanted. */
export function PictureCrop({ source, onClose, onCropped }: PictureCropProps) {
  // Kept while the dialog closes, so that it does not become empty on its way out.
  const [last, setLast] = useState({ source, turn: 0 })
  if (source !== undefined && source !== last.source) setLast({ source, turn: last.turn + 1 })
  if (last.source === undefined) return null
  return (
    <Suspense>
      <PictureCropDialog
        key={last.turn}
        source={last.source}
        isOpen={source !== undefined}
        onClose={onClose}
        onCropped={onCropped}
      />
    </Suspense>
  )
}

/** Fetches the code of the dialog ahead of time. */
export function preloadPictureCrop(): void {
  // Where it fails it is fetched when it is wanted.
  load().catch(() => {})
}
