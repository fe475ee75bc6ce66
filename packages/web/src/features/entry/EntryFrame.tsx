import type { ReactNode } from 'react'

/** The frame of the views before one is in: the name of the app, a card, and a way to the other view. */
export function EntryFrame({ title, children, footer }: { title: string; children: ReactNode; footer?: ReactNode }) {
  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-canvas p-5">
      <div className="w-full max-w-sm py-6">
        <div className="mb-6 flex items-center justify-center gap-3">
          <img src="/favicon.svg" alt="" className="size-10" />
          <span className="text-2xl font-semibold tracking-tight">Confab</span>
        </div>
        <div className="rounded-xl border border-line bg-surface p-6 shadow-card">
          <h1 className="mb-5 text-xl font-semibold text-balance">{title}</h1>
          {children}
        </div>
        {footer ? <p className="mt-5 text-center text-sm text-muted">{footer}</p> : null}
      </div>
    </main>
  )
}

/** What a link in a line of text looks like. */
export const linkLook = 'font-medium text-accent-ink underline underline-offset-4 hover:text-accent-hover'
