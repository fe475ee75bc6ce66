import { useCallback } from 'react'
import { useIntl } from 'react-intl'

/** Values for the arguments of a text. */
export type TextValues = Readonly<Record<string, string | number | Date>>

/** Says a text of `locales/*.json` by its key, with its arguments. */
export type Text = (key: string, values?: TextValues) => string

/**
 * The texts of the app in the language of the person: `const text = useText(); text('rooms.unread', { count })`. Write
 * keys out, so that the tests find what is missing or left over. For texts with elements in them there is `RichText`.
 */
export function useText(): Text {
  const { formatMessage } = useIntl()
  return useCallback((id, values) => formatMessage({ id }, values), [formatMessage])
}
