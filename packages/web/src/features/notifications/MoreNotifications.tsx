import { useClient } from '@confab/client/react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'

/** So far below what is seen the next page is fetched already. */
const AHEAD = '600px'

/** Fetches older ones when it comes near, or at a press. */
export function MoreNotifications() {
  const text = useText()
  const client = useClient()
  const form = useForm([])
  const end = useRef<HTMLDivElement>(null)
  const load = () => void form.submit(() => client.notifications.loadMore())
  // What failed is tried again by a press: not again and again.
  const loadAhead = useEffectEvent(() => form.failure === undefined && load())
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && loadAhead(), { rootMargin: AHEAD })
    if (end.current) observer.observe(end.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={end} className="flex flex-col items-center gap-2 p-3">
      <p role="alert" className="text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
      <Button kind="ghost" isBusy={form.isBusy} onClick={load}>
        {text('notifications.more')}
      </Button>
    </div>
  )
}
