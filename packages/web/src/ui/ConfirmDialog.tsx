import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { type ReactNode, useState } from 'react'
import { useErrorText } from '../lib/i18n/use-error-text.ts'
import { useText } from '../lib/i18n/use-text.ts'
import { Button } from './Button.tsx'

export type ConfirmDialogProps = {
  isOpen: boolean
  onClose: () => void
  title: string
  description: ReactNode
  /** What the button says that does it: a verb. */
  action: string
  isDangerous?: boolean
  /** Does it; the dialog stays open meanwhile, and shows why where it fails. */
  onConfirm: () => Promise<void> | void
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ isOpen, onClose, onConfirm, ...texts }: ConfirmDialogProps) {
  const text = useText()
  const errorText = useErrorText()
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<string>()

  const close = () => {
    setError(undefined)
    onClose()
  }
  const confirm = async () => {
    setIsBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      close()
    } catch (cause) {
      setError(errorText(cause))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && close()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--calm) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 grid place-items-center p-5">
          <Base.Popup className="pop w-full max-w-sm rounded-xl bg-surface p-5 shadow-float outline-none">
            <Base.Title className="text-lg font-semibold text-ink">{texts.title}</Base.Title>
            <Base.Description className="mt-2 text-sm text-muted">{texts.description}</Base.Description>
            <p role="alert" className="mt-3 text-sm text-danger-ink empty:hidden">
              {error}
            </p>
            <div className="mt-5 flex justify-end gap-3">
              <Base.Close render={<Button>{text('ui.cancel')}</Button>} />
              <Button kind={texts.isDangerous ? 'danger' : 'primary'} isBusy={isBusy} onClick={() => void confirm()}>
                {texts.action}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
