import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { useFormats } from '../lib/formats.ts'

/** A view behind a tab; `count` stands beside its label. */
export type Tab<Value extends string> = { value: Value; label: string; count?: number; content: ReactNode }

/** Several views, one of them shown. Arrow keys go from tab to tab. */
export function Tabs<Value extends string>({
  label,
  value,
  tabs,
  onChange,
}: {
  /** What the tabs are about, for screen readers. */
  label: string
  value: Value
  tabs: readonly Tab<Value>[]
  onChange: (value: Value) => void
}) {
  const { compact } = useFormats()
  return (
    <Base.Root
      value={value}
      onValueChange={(chosen: unknown) => {
        const tab = tabs.find((one) => one.value === chosen)
        if (tab) onChange(tab.value)
      }}
      className="flex min-h-0 grow flex-col"
    >
      <Base.List aria-label={label} className="relative flex shrink-0 gap-1 overflow-x-auto border-b border-line px-3">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="h-11 shrink-0 rounded-t-md px-3 text-sm font-medium text-muted transition-colors hover:text-ink focus-visible:-outline-offset-2 data-active:text-accent-ink"
          >
            {tab.label}
            {tab.count ? <span className="ms-1.5 tabular-nums">{compact(tab.count)}</span> : null}
          </Base.Tab>
        ))}
        <Base.Indicator className="absolute bottom-0 left-(--active-tab-left) h-0.5 w-(--active-tab-width) bg-accent transition-[left,width] duration-(--calm)" />
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="min-h-0 grow overflow-y-auto">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
