import { useEffect, useEffectEvent } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { followServiceWorker } from '../lib/service-worker.ts'
import { showToast } from '../ui/toasts.ts'
import { router } from './router.ts'

/** Starts the service worker; says when there is a newer version of the app, and opens what it is asked to. */
export function UpdateHost() {
  const text = useText()
  const onUpdate = useEffectEvent((takeOver: () => void) => {
    const action = { label: text('ui.reload'), onSelect: takeOver }
    showToast({ title: text('app.update'), timeoutMs: 0, action })
  })
  const onOpen = useEffectEvent((href: string) => router.history.push(href))
  useEffect(
    () => followServiceWorker({ onUpdate: (takeOver) => onUpdate(takeOver), onOpen: (href) => onOpen(href) }),
    [],
  )
  return null
}
