import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'

/** A text with elements in it: of `Read <link>the terms</link>` the `link` is a function of `values` that makes it. */
export function RichText({
  id,
  values,
}: {
  id: string
  values: Readonly<Record<string, string | number | Date | ReactNode | ((words: ReactNode[]) => ReactNode)>>
}) {
  return <FormattedMessage id={id} values={values} />
}
