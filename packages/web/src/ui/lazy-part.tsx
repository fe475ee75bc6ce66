import { type ComponentType, createElement, type LazyExoticComponent, lazy, useEffect, useState } from 'react'
import { noteMissed } from '../lib/asked-again.ts'
import { useText } from '../lib/i18n/use-text.ts'
import { ErrorState } from './ErrorState.tsx'
import { showToast } from './toasts.ts'

/**
 * A component whose code is fetched when it is first drawn, within a `Suspense`. Where that fails, since the network is
 * away or the server has a newer build, everything around it goes on, and it is tried again when it is drawn anew.
 *
 * @param Instead what is drawn where it could not be fetched; without, nothing is, and a toast offers to reload
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Instead: ComponentType<Props> = TellMissing,
): ComponentType<Props> {
  let part = fetchPart()
  function fetchPart(): LazyExoticComponent<ComponentType<Props>> {
    return lazy(() =>
      load().then(
        (found) => ({ default: found }),
        (error: unknown) => {
          noteMissed(error)
          return { default: Missing }
        },
      ),
    )
  }
  function Missing(props: Props) {
    // For whoever draws it next; here it is too late.
    useEffect(() => {
      part = fetchPart()
    }, [])
    return createElement(Instead, props)
  }
  return function LazyPart(props: Props) {
    const [fetched] = useState(() => part)
    return createElement(fetched, props)
  }
}

/** In the place of something that has a place of its own, for example in a popover. */
export function MissingPart() {
  return <ErrorState error={undefined} />
}

/** Tells of something that would have floated over the rest. */
export function TellMissing() {
  const text = useText()
  useEffect(() => {
    const action = { label: text('ui.reload'), onSelect: () => location.reload() }
    return showToast({ title: text('ui.error.title'), tone: 'danger', timeoutMs: 0, action })
  }, [text])
  return null
}
