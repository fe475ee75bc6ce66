import { CheckCheck } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { classNames } from '../../ui/class-names.ts'

/** What the app is about, at a glance: a conversation. A picture; who does not see it misses nothing. */
export function EntryArt() {
  const text = useText()
  return (
    <div
      aria-hidden
      className="relative hidden overflow-hidden border-e border-line bg-canvas desktop:flex desktop:flex-col desktop:justify-center"
    >
      <span className="absolute -start-40 -top-48 size-136 rounded-full bg-accent-soft opacity-70 blur-3xl" />
      <span className="absolute -end-32 -bottom-48 size-120 rounded-full bg-fresh-soft opacity-80 blur-3xl" />
      <div className="relative mx-auto flex w-full max-w-lg flex-col gap-4 px-10">
        <Bubble name="Lucía" words={text('entry.art.first')} />
        <Bubble name="Omar" words={text('entry.art.second')} className="ms-8" />
        <Own words={text('entry.art.third')} />
        <span className="ms-14 flex w-fit gap-1.5 rounded-xl rounded-es-sm bg-bubble-other px-4 py-4 shadow-card">
          <span className="size-2 rounded-full bg-muted opacity-80" />
          <span className="size-2 rounded-full bg-muted opacity-55" />
          <span className="size-2 rounded-full bg-muted opacity-30" />
        </span>
        <p className="mt-10 text-4xl leading-tight font-semibold tracking-tight text-balance text-ink">
          {text('entry.art.title')}
        </p>
        <p className="text-lg text-pretty text-muted">{text('entry.art.text')}</p>
      </div>
    </div>
  )
}

function Bubble({ name, words, className }: { name: string; words: string; className?: string }) {
  return (
    <span className={classNames('flex items-end gap-3', className)}>
      <Avatar name={name} />
      <span className="rounded-xl rounded-es-sm bg-bubble-other px-4 py-3 text-ink shadow-card">
        <span className="block text-xs font-semibold text-accent-ink">{name}</span>
        {words}
      </span>
    </span>
  )
}

function Own({ words }: { words: string }) {
  return (
    <span className="ms-auto flex w-fit items-end gap-2 rounded-xl rounded-ee-sm bg-bubble-own px-4 py-3 text-ink shadow-card">
      {words}
      <CheckCheck size={16} className="shrink-0 text-accent-ink" />
    </span>
  )
}
