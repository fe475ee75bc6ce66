import { useCallback } from 'react'
import { useErrorText } from '../lib/i18n/use-error-text.ts'
import { showToast } from './toasts.ts'

/** Does something that was shown as done already: where it fails a toast says why. Answers whether it went well. */
export function useAttempt(): (work: () => Promise<unknown>) => Promise<boolean> {
  const errorText = useErrorText()
  return useCallback(
    async (work) => {
      try {
        await work()
        return true
      } catch (error) {
        showToast({ title: errorText(error), tone: 'danger' })
        return false
      }
    },
    [errorText],
  )
}
