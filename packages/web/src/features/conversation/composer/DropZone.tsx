import { ImageUp } from 'lucide-react'
import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'

/** Takes files that are dropped anywhere on the conversation, and shows that while they are dragged over the page. */
export function DropZone({
  inside,
  onDrop,
}: {
  inside: RefObject<HTMLElement | null>
  onDrop: (files: File[]) => void
}) {
  const text = useText()
  const [place, setPlace] = useState<DOMRect>()
  const drop = useEffectEvent(onDrop)
  useEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    const conversation = () => inside.current?.closest('section') ?? null
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      // Otherwise the browser leaves the page for the file.
      event.preventDefault()
      const isOver = event.target instanceof Node && conversation()?.contains(event.target) === true
      event.dataTransfer.dropEffect = isOver ? 'copy' : 'none'
      setPlace((known) => (isOver ? (known ?? conversation()?.getBoundingClientRect()) : undefined))
    }
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setPlace(undefined)
    const onDropped = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setPlace(undefined)
      const isOver = event.target instanceof Node && conversation()?.contains(event.target) === true
      if (isOver) drop([...event.dataTransfer.files])
    }
    addEventListener('dragover', onDragOver, { signal })
    addEventListener('dragleave', onLeave, { signal })
    addEventListener('drop', onDropped, { signal })
    return () => listening.abort()
  }, [inside])
  if (!place) return null
  const { left, top, width, height } = place
  return (
    <div
      style={{ left, top, width, height }}
      className="pointer-events-none fixed z-30 grid place-items-center bg-scrim p-6"
    >
      <p className="flex items-center gap-3 rounded-lg border-2 border-dashed border-accent bg-raised px-6 py-5 font-semibold text-accent-ink shadow-float">
        <ImageUp size={24} aria-hidden />
        {text('composer.drop')}
      </p>
    </div>
  )
}
