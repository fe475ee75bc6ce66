import type { Profile, State } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { createGuesses, useGuesses } from '../../lib/guesses.ts'
import { useAttempt } from '../../ui/use-attempt.ts'

/** What of the profile is chosen and not written. */
export type ProfileSetting =
  | 'allow_direct_messages'
  | 'allow_group_adds'
  | 'email_visibility'
  | 'presence_visibility'
  | 'send_read_receipts'

type Settings = Pick<Profile, ProfileSetting>

const guesses = createGuesses<Partial<Settings>>()

/**
 * A setting that is kept by the server, and how to change it: it is shown at once, and taken back where it fails. The
 * setting is undefined until the profile is known.
 */
export function useProfileSetting<Name extends ProfileSetting>(
  name: Name,
): [value: Settings[Name] | undefined, set: (value: Settings[Name]) => void] {
  const client = useClient()
  const me = useMe()
  const attempt = useAttempt()
  const guessed = useGuesses(guesses)[name]?.[name]
  const set = (value: Settings[Name]) => {
    const change: Partial<Settings> = { [name]: value }
    void attempt(() =>
      guesses.run<State>({
        key: name,
        value: change,
        work: () => client.api.accounts.updateProfile({ body: change }),
        model: client.store,
        isSo: (state) => state.me?.[name] === value,
      }),
    )
  }
  return [guessed ?? me?.[name], set]
}
