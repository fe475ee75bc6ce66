import type { MessageHit } from '@confab/client'
import { Link } from '@tanstack/react-router'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { rowLook } from '../../ui/ListRow.tsx'
import { senderName } from '../../ui/sender-name.ts'
import { Highlighted } from './Highlighted.tsx'

/** Messages that were found in a room. Where the panel stands beside the conversation, it stays when one is opened. */
export function RoomHits({
  hits,
  current,
  isBeside,
}: {
  hits: readonly MessageHit[]
  current: number | undefined
  isBeside: boolean
}) {
  const text = useText()
  const { brief } = useFormats()
  return (
    <ul className="flex flex-col gap-0.5">
      {hits.map((hit) => (
        <li key={hit.id}>
          <Link
            to="."
            search={{ message: hit.id, panel: isBeside ? 'search' : undefined }}
            aria-current={hit.id === current ? 'true' : undefined}
            className={rowLook(hit.id === current)}
          >
            <span className="flex flex-col gap-0.5 px-2.5 py-2">
              <span className="flex items-baseline gap-2">
                <span className="min-w-0 grow truncate text-sm font-medium text-ink">
                  {senderName(hit.sender.username, text)}
                </span>
                <time dateTime={hit.timestamp} className="shrink-0 text-xs text-muted">
                  {brief(hit.timestamp)}
                </time>
              </span>
              <span dir="auto" className="line-clamp-3 match-parent text-sm text-muted">
                <Highlighted text={hit.snippet} highlights={hit.highlights} />
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
