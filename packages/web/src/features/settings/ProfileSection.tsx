import type { Profile } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { useForm } from '../../lib/use-form.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { PicturePicker } from '../../ui/PicturePicker.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { TextArea } from '../../ui/TextArea.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { showToast } from '../../ui/toasts.ts'
import { useAttempt } from '../../ui/use-attempt.ts'

/** The longest that the server takes. In characters. */
const MAX_CHARS = 150

/** One's picture, name, address, and what one says of oneself. */
export function ProfileSection() {
  const me = useMe()
  if (!me) return <Skeleton className="h-96" />
  return (
    <>
      <ProfilePicture me={me} />
      <ProfileForm me={me} key={me.id} />
    </>
  )
}

function ProfilePicture({ me }: { me: Profile }) {
  const text = useText()
  const { api } = useClient()
  const attempt = useAttempt()
  const change = (profile_pic: Blob | null) => api.accounts.updateProfile({ body: { profile_pic } })
  return (
    <div className="flex items-center gap-5">
      <PicturePicker
        label={text('settings.profile.picture')}
        onPick={change}
        onRemove={me.profile_pic === null ? undefined : () => void attempt(() => change(null))}
      >
        <Avatar name={displayName(me)} image={me.profile_pic} size="xl" />
      </PicturePicker>
      <div className="min-w-0">
        <p dir="auto" className="truncate match-parent text-xl font-semibold text-ink">
          {displayName(me)}
        </p>
        <p className="truncate text-sm text-muted">
          <bdi>@{me.username}</bdi>
        </p>
      </div>
    </div>
  )
}

type Fields = Pick<Profile, 'first_name' | 'last_name' | 'email'> & { bio: string }

function fieldsOf({ first_name, last_name, email, bio }: Profile): Fields {
  return { first_name, last_name, email, bio: bio ?? '' }
}

function ProfileForm({ me }: { me: Profile }) {
  const text = useText()
  const { api } = useClient()
  const form = useForm(['first_name', 'last_name', 'bio', 'email'])
  const [changed, setChanged] = useState<Partial<Fields>>({})
  // What was not touched follows the profile, which another device may change.
  const fields = { ...fieldsOf(me), ...changed }
  const save = async () => {
    if (!(await form.submit(() => api.accounts.updateProfile({ body: fields })))) return
    setChanged({})
    showToast({ title: text('settings.profile.saved') })
  }
  const bind = (name: keyof Fields) => ({
    value: fields[name],
    onChange: (value: string) => setChanged({ ...changed, [name]: value }),
    error: form.errors[name],
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="grid gap-4 tablet:grid-cols-2">
        <TextField
          {...bind('first_name')}
          label={text('settings.profile.first_name')}
          maxLength={MAX_CHARS}
          autoComplete="given-name"
        />
        <TextField
          {...bind('last_name')}
          label={text('settings.profile.last_name')}
          maxLength={MAX_CHARS}
          autoComplete="family-name"
        />
      </div>
      <TextField
        {...bind('email')}
        label={text('settings.profile.email')}
        hint={text('settings.profile.email.hint')}
        type="email"
        autoComplete="email"
      />
      <TextArea
        {...bind('bio')}
        label={text('settings.profile.bio')}
        maxLength={MAX_CHARS}
        hint={text('settings.profile.bio.left', { count: MAX_CHARS - fields.bio.length })}
      />
      <p role="alert" className="text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        {text('settings.profile.save')}
      </Button>
    </form>
  )
}
