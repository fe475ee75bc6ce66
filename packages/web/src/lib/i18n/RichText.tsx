import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'

/** A text with elements in it: `<RichText id="entry.terms" values={{ link: (words) => <a href="…">{words}</a> }} />`. */
export function RichText({
  id,
  values,
}: {
  id: string
  values: Readonly<Record<string, string | number | Date | ReactNode | ((words: ReactNode[]) => ReactNode)>>
}) {
  return <FormattedMessage id={id} values={values} />
}
