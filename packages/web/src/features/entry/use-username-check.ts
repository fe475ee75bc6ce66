import { useClient } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { useText } from '../../lib/i18n/use-text.ts'
import { useDebounced } from '../../lib/use-debounced.ts'
import { flawOf } from './username.ts'

/** What is known of a username as it is typed. Where the server cannot be asked nothing is said; it is asked again at the end. */
export function useUsernameCheck(username: string): {
  state: 'unknown' | 'checking' | 'free' | 'wrong'
  error: string | undefined
} {
  const text = useText()
  const { api } = useClient()
  const settled = useDebounced(username)
  const flaw = flawOf(username)
  const asked = useQuery({
    queryKey: ['username', settled],
    enabled: settled !== '' && flawOf(settled) === undefined,
    retry: false,
    queryFn: ({ signal }) => api.accounts.getUsernameAvailability({ query: { username: settled }, signal }),
  })
  if (flaw === 'characters') return { state: 'wrong', error: text('entry.username.characters') }
  if (flaw === 'length') return { state: 'wrong', error: text('entry.username.length') }
  if (username === '') return { state: 'unknown', error: undefined }
  if (settled !== username || asked.isFetching) return { state: 'checking', error: undefined }
  if (!asked.data) return { state: 'unknown', error: undefined }
  return asked.data.is_available
    ? { state: 'free', error: undefined }
    : { state: 'wrong', error: text('entry.username.taken') }
}
