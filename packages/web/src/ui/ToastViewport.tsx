import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useEffect } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { classNames } from './class-names.ts'
import { IconButton } from './IconButton.tsx'
import { presentToasts, type ToastContent } from './toasts.ts'

type Data = { tone?: ToastContent['tone'] }

const manager = Toast.createToastManager<Data>()

function add({ title, tone = 'plain', action, timeoutMs = 6_000 }: ToastContent): () => void {
  const onClick = () => {
    action?.onSelect()
    manager.close(id)
  }
  const id = manager.add({
    title,
    timeout: timeoutMs,
    // One of high priority is hidden from screen readers, though its buttons can be reached with Tab.
    priority: 'low',
    data: { tone },
    ...(action && { actionProps: { children: action.label, onClick } }),
  })
  return () => manager.close(id)
}

/** Where toasts are: never over what one writes in, on phones below the title, else below the list. */
export function ToastViewport() {
  const text = useText()
  useEffect(() => presentToasts({ add }), [])
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={text('ui.toasts')}
          className="fixed inset-x-3 top-[calc(env(safe-area-inset-top)+--spacing(16))] z-50 mx-auto flex max-w-md flex-col gap-2 outline-none tablet:start-20 tablet:end-auto tablet:top-auto tablet:bottom-6 tablet:w-76"
        >
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const text = useText()
  const { toasts } = Toast.useToastManager<Data>()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['up', 'down', 'left', 'right']}
      className={classNames(
        'pop flex items-center gap-2 rounded-lg py-1.5 ps-4 pe-1.5 text-sm shadow-float',
        toast.data?.tone === 'danger' ? 'bg-danger text-on-danger' : 'bg-ink text-canvas',
      )}
    >
      <Toast.Title className="min-w-0 grow py-1.5 wrap-anywhere" />
      <Toast.Action className="h-8 shrink-0 rounded-md px-3 font-semibold underline underline-offset-4" />
      <Toast.Close
        render={
          <IconButton
            size="sm"
            className="text-current! hover:bg-transparent hover:opacity-70"
            icon={<X size={16} aria-hidden />}
            label={text('ui.close')}
          />
        }
      />
    </Toast.Root>
  ))
}
