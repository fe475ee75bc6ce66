import type { ReactNode } from 'react'
import { isLocale, locales } from '../../lib/i18n/locales.ts'
import { useLocale } from '../../lib/i18n/use-locale.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { classNames } from '../../ui/class-names.ts'
import { EntryArt } from './EntryArt.tsx'

/** The frame of the views before one is in: on wide screens what the app is about beside what is to be done. */
export function EntryFrame({
  title,
  lead,
  children,
  footer,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
  footer?: ReactNode
}) {
  return (
    <div className="grid h-full bg-surface desktop:grid-cols-[minmax(0,1fr)_minmax(30rem,0.85fr)]">
      <EntryArt />
      <main className="flex min-h-0 flex-col overflow-y-auto px-6">
        <div className="mx-auto flex w-full max-w-sm grow flex-col justify-center py-10">
          <div className="mb-8 flex items-center gap-3">
            <img src="/favicon.svg" alt="" className="size-10" />
            <span className="text-xl font-semibold tracking-tight">Confab</span>
          </div>
          <h1 className="text-3xl font-semibold tracking-tight text-balance">{title}</h1>
          {lead ? <p className="mt-2 text-pretty text-muted">{lead}</p> : null}
          <div className="mt-7">{children}</div>
          {footer ? <p className="mt-6 text-sm text-muted">{footer}</p> : null}
        </div>
        <Languages />
      </main>
    </div>
  )
}

/** Each language by its own name, for those who cannot read the one that is shown. */
function Languages() {
  const text = useText()
  const [current, , choose] = useLocale()
  const all = Object.keys(locales).filter(isLocale)
  return (
    <nav aria-label={text('entry.language')} className="flex shrink-0 justify-center gap-1 pb-6">
      {all.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          dir={locales[locale].dir}
          aria-pressed={locale === current}
          onClick={() => choose(locale)}
          className={classNames(
            'h-8 rounded-md px-3 text-xs transition-colors hover:bg-hover pointer-coarse:h-11',
            locale === current ? 'font-semibold text-ink' : 'text-muted',
          )}
        >
          {locales[locale].own}
        </button>
      ))}
    </nav>
  )
}

/** What a link in a line of text looks like. */
export const linkLook = 'font-medium text-accent-ink underline underline-offset-4 hover:text-accent-hover'
