import { type ReactNode, useId } from 'react'

/** Settings that belong together, under a heading. */
export function SettingsGroup({ title, detail, children }: { title: string; detail?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 border-line not-first:border-t not-first:pt-6">
      <div>
        <h2 id={id} className="text-base font-semibold text-ink">
          {title}
        </h2>
        {detail ? <p className="mt-1 text-sm text-pretty text-muted">{detail}</p> : null}
      </div>
      {children}
    </section>
  )
}
