import { ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useState } from 'react'
import Cropper from 'react-easy-crop'
import 'react-easy-crop/react-easy-crop.css'
import { useErrorText } from '../lib/i18n/use-error-text.ts'
import { useText } from '../lib/i18n/use-text.ts'
import { Button } from './Button.tsx'
import { type CropArea, cropImage } from './crop-image.ts'
import { Dialog } from './Dialog.tsx'
import { IconButton } from './IconButton.tsx'
import type { PictureCropProps } from './picture-crop-props.ts'
import { Slider } from './Slider.tsx'

const MAX_ZOOM = 4
/** How far a press of a button zooms. */
const ZOOM_STEP = 0.2
const CENTRE = { x: 0, y: 0 }

/** The dialog of `PictureCrop`: the picture is moved by pointer or arrow keys, and zoomed by wheel, fingers or slider. */
export function PictureCropDialog({
  source,
  isOpen,
  onClose,
  onCropped,
}: PictureCropProps & { source: Blob; isOpen: boolean }) {
  const text = useText()
  const [area, setArea] = useState<CropArea>()
  const { isBusy, problem, setProblem, take } = useTaking(onCropped)
  const isUnreadable = problem === text('ui.picture.unreadable')
  const confirm = async () => {
    if (area && (await take(source, area))) onClose()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={text('ui.picture.crop')}
      description={text('ui.picture.crop.hint')}
      size="sm"
      actions={
        <>
          <Button onClick={onClose}>{text('ui.cancel')}</Button>
          <Button kind="primary" isBusy={isBusy} disabled={!area || isUnreadable} onClick={() => void confirm()}>
            {text('ui.picture.use')}
          </Button>
        </>
      }
    >
      <CropView
        key={isOpen ? 'open' : 'closed'}
        source={source}
        onArea={setArea}
        onUnreadable={() => setProblem(text('ui.picture.unreadable'))}
      />
      <p role="alert" className="mt-3 text-sm text-danger-ink empty:hidden">
        {problem}
      </p>
    </Dialog>
  )
}

/** Makes the square and hands it over. */
function useTaking(onCropped: PictureCropProps['onCropped']) {
  const text = useText()
  const errorText = useErrorText()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const take = async (source: Blob, area: CropArea) => {
    setIsBusy(true)
    setProblem(undefined)
    try {
      await onCropped(await cropImage(source, area))
      return true
    } catch (error) {
      setProblem(error instanceof DOMException ? text('ui.picture.unreadable') : errorText(error))
      return false
    } finally {
      setIsBusy(false)
    }
  }
  return { isBusy, problem, setProblem, take }
}

function CropView({
  source,
  onArea,
  onUnreadable,
}: {
  source: Blob
  onArea: (area: CropArea) => void
  onUnreadable: () => void
}) {
  const text = useText()
  const url = useObjectUrl(source)
  const [crop, setCrop] = useState(CENTRE)
  const [zoom, setZoom] = useState(1)
  const zoomBy = (steps: number) => setZoom(Math.min(MAX_ZOOM, Math.max(1, zoom + steps * ZOOM_STEP)))
  return (
    <>
      <div className="relative aspect-square max-h-[50dvh] w-full overflow-hidden rounded-lg bg-sunken">
        {url ? (
          <Cropper
            image={url}
            crop={crop}
            zoom={zoom}
            maxZoom={MAX_ZOOM}
            aspect={1}
            cropShape="round"
            objectFit="cover"
            showGrid={false}
            keyboardStep={10}
            disableAutomaticStylesInjection
            onCropChange={setCrop}
            onZoomChange={setZoom}
            onCropAreaChange={(_, pixels) => onArea(pixels)}
            mediaProps={{ onError: onUnreadable, alt: '' }}
            cropperProps={{ role: 'group', 'aria-label': text('ui.picture.move') }}
          />
        ) : null}
      </div>
      <div dir="ltr" className="mt-4 flex items-center gap-3">
        <IconButton
          size="sm"
          icon={<ZoomOut size={18} aria-hidden />}
          label={text('ui.picture.zoom_out')}
          onClick={() => zoomBy(-1)}
        />
        <div className="grow">
          <Slider
            isLabelHidden
            label={text('ui.picture.zoom')}
            min={1}
            max={MAX_ZOOM}
            step={0.1}
            value={zoom}
            onChange={setZoom}
          />
        </div>
        <IconButton
          size="sm"
          icon={<ZoomIn size={18} aria-hidden />}
          label={text('ui.picture.zoom_in')}
          onClick={() => zoomBy(1)}
        />
      </div>
    </>
  )
}

/** An address for a blob, as long as the component is there. */
function useObjectUrl(blob: Blob): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url
}
