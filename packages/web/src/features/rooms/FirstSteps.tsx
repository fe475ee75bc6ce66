import { Link } from '@tanstack/react-router'
import { Link2, UserRoundSearch, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { showToast } from '../../ui/toasts.ts'

/** The ways to a first conversation: find somebody, make a group, or bring people here. */
export function FirstSteps() {
  const text = useText()
  return (
    <div className="flex w-full flex-col gap-3 text-start">
      <Link to="/people" className={stepLook}>
        <Step
          icon={<UserRoundSearch size={22} />}
          title={text('rooms.first.people')}
          detail={text('rooms.first.people.text')}
        />
      </Link>
      <Link to="/new" className={stepLook}>
        <Step
          icon={<UsersRound size={22} />}
          title={text('rooms.first.group')}
          detail={text('rooms.first.group.text')}
        />
      </Link>
      <InviteStep />
    </div>
  )
}

/** Shares the address where one signs up: by what the device has for sharing, or by the clipboard. */
function InviteStep() {
  const text = useText()
  const share = async () => {
    const url = `${location.origin}/signup`
    try {
      if ('share' in navigator && matchMedia('(pointer: coarse)').matches) await navigator.share({ url })
      else {
        await navigator.clipboard.writeText(url)
        showToast({ title: text('rooms.first.invite.done') })
      }
    } catch (error) {
      // Whoever closed the device's own sheet did so on purpose.
      if (!(error instanceof DOMException && error.name === 'AbortError')) showToast({ title: url, timeoutMs: 0 })
    }
  }
  return (
    <button type="button" className={stepLook} onClick={() => void share()}>
      <Step icon={<Link2 size={22} />} title={text('rooms.first.invite')} detail={text('rooms.first.invite.text')} />
    </button>
  )
}

function Step({ icon, title, detail }: { icon: ReactNode; title: string; detail: string }) {
  return (
    <>
      <span aria-hidden className="grid size-11 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-ink">
        {icon}
      </span>
      <span className="flex min-w-0 flex-col">
        <span className="text-sm font-semibold text-ink">{title}</span>
        <span className="text-sm text-muted">{detail}</span>
      </span>
    </>
  )
}

const stepLook =
  'flex items-center gap-4 rounded-lg border border-line bg-surface p-4 text-start shadow-card transition-colors hover:bg-hover'
