import { useState } from 'react'
import { fieldErrors, isAboutFields } from './errors.ts'
import { useErrorText } from './i18n/use-error-text.ts'

/** A form on its way to the server. */
export type FormState = Readonly<{
  isBusy: boolean
  /** What is wrong with each field, in the server's words. */
  errors: Readonly<Record<string, string>>
  /** Why it failed, where that is not about one of the fields that the form shows. */
  failure: string | undefined
  /** Sends it; presses meanwhile are nothing. Answers whether it went well. */
  submit(work: () => Promise<unknown>): Promise<boolean>
  /** Forgets what went wrong: for a form that is put away, and may be taken up again. */
  forget(): void
}>

/** The states of a form. `fields` are the names, as the API has them, of those that show their errors themselves. */
export function useForm(fields: readonly string[]): FormState {
  const errorText = useErrorText()
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  return {
    isBusy,
    errors: fieldErrors(error),
    failure: error === undefined || isAboutFields(error, fields) ? undefined : errorText(error),
    async submit(work) {
      if (isBusy) return false
      setIsBusy(true)
      try {
        await work()
        setError(undefined)
        return true
      } catch (cause) {
        setError(cause)
        return false
      } finally {
        setIsBusy(false)
      }
    },
    forget: () => setError(undefined),
  }
}
