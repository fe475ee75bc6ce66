import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { announce } from '../../../ui/LiveRegion.tsx'
import { showToast } from '../../../ui/toasts.ts'

/** How long the button says that it has copied. In ms. */
const COPIED_MS = 2_000

/** Lines of code as they were written, with their language and a button that copies them. */
export function CodeBlock({ code, language }: { code: string; language: string | undefined }) {
  const text = useText()
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code)
      setIsCopied(true)
      announce(text('markup.code.copied'))
    } catch {
      showToast({ title: text('markup.code.failed'), tone: 'danger' })
    }
  }
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-line bg-sunken text-ink">
      <figcaption className="flex items-center justify-between gap-3 border-b border-line ps-3 text-xs text-muted">
        <span dir="ltr" className="truncate font-mono">
          {language ?? text('markup.code')}
        </span>
        <IconButton
          size="sm"
          icon={isCopied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
          label={text(isCopied ? 'markup.code.copied' : 'markup.code.copy')}
          onClick={() => void copy()}
        />
      </figcaption>
      <pre
        dir="ltr"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto px-3 py-2 text-start font-mono text-[0.8125rem] leading-5 focus-visible:-outline-offset-2"
      >
        <code>{code}</code>
      </pre>
    </figure>
  )
}
