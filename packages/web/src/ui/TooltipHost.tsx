import { Suspense, useEffect, useState } from 'react'
import { lazyPart } from './lazy-part.tsx'

const TooltipPopup = lazyPart(
  async () => (await import('./TooltipPopup.tsx')).TooltipPopup,
  () => null,
)

/** How long one has to rest on something before its tooltip appears. In ms. */
const REST_MS = 450

/**
 * Shows the tooltips of the app: the `data-tooltip` of whatever a mouse rests on or the keyboard has reached. One for all
 * of them, so that a tooltip costs an attribute. It repeats or adds to an element's name and never is the only one.
 */
export function TooltipHost() {
  const [target, setTarget] = useState<HTMLElement>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (next: HTMLElement | undefined, afterMs: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => setTarget(next), afterMs)
    }
    const listening = new AbortController()
    const { signal } = listening
    const onPointerOver = (event: PointerEvent) => {
      // Whoever moves onto the tooltip wants to read it.
      if (event.pointerType !== 'mouse' || closest(event, '[role="tooltip"]')) return
      const next = closest(event, '[data-tooltip]')
      show(next, next ? REST_MS : 80)
    }
    const onFocus = (event: FocusEvent) => {
      const next = closest(event, '[data-tooltip]')
      if (next?.matches(':focus-visible')) show(next, 0)
      else show(undefined, 0)
    }
    const hide = () => show(undefined, 0)
    addEventListener('pointerover', onPointerOver, { signal })
    addEventListener('focusin', onFocus, { signal })
    addEventListener('focusout', hide, { signal })
    addEventListener('pointerdown', hide, { signal })
    return () => {
      clearTimeout(timer)
      listening.abort()
    }
  }, [])
  if (!target?.isConnected) return null
  return (
    <Suspense>
      <TooltipPopup key={target.dataset.tooltip} target={target} onClose={() => setTarget(undefined)} />
    </Suspense>
  )
}

function closest(event: Event, selector: string): HTMLElement | undefined {
  const found = event.target instanceof Element ? event.target.closest(selector) : null
  return found instanceof HTMLElement ? found : undefined
}
