import { ConfabError } from '@confab/client'
import { useCallback } from 'react'
import { errorKey } from '../errors.ts'
import { useText } from './use-text.ts'

/** Says why something failed, in the person's language where the failure is a known one. */
export function useErrorText(): (error: unknown) => string {
  const text = useText()
  return useCallback(
    (error) => {
      if (!(error instanceof ConfabError)) return text('error.unknown')
      const key = errorKey(error)
      const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000)
      return key ? text(key, { seconds }) : error.message
    },
    [text],
  )
}
