import type { Profile } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { useState } from 'react'
import { forgetDrafts } from '../../lib/drafts.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { TextArea } from '../../ui/TextArea.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { showToast } from '../../ui/toasts.ts'

/** One's name and what one says of oneself; and logging out. */
export function ProfileSection() {
  const text = useText()
  const client = useClient()
  const me = useMe()
  const [isLeaving, setIsLeaving] = useState(false)
  if (!me) return null
  const logOut = () => {
    setIsLeaving(true)
    forgetDrafts(me.id)
    void client.logout()
  }
  return (
    <>
      <ProfileForm me={me} key={me.id} />
      <div className="border-t border-line pt-6">
        <Button isBusy={isLeaving} onClick={logOut}>
          {text('settings.profile.logout')}
        </Button>
      </div>
    </>
  )
}

function ProfileForm({ me }: { me: Profile }) {
  const text = useText()
  const { api } = useClient()
  const form = useForm(['first_name', 'last_name', 'bio'])
  const [fields, setFields] = useState({ first_name: me.first_name, last_name: me.last_name, bio: me.bio ?? '' })
  const save = async () => {
    const isSaved = await form.submit(() => api.accounts.updateProfile({ body: fields }))
    if (isSaved) showToast({ title: text('settings.profile.saved') })
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TextField
        label={text('settings.profile.first_name')}
        value={fields.first_name}
        onChange={(first_name) => setFields({ ...fields, first_name })}
        error={form.errors.first_name}
        autoComplete="given-name"
      />
      <TextField
        label={text('settings.profile.last_name')}
        value={fields.last_name}
        onChange={(last_name) => setFields({ ...fields, last_name })}
        error={form.errors.last_name}
        autoComplete="family-name"
      />
      <TextArea
        label={text('settings.profile.bio')}
        value={fields.bio}
        onChange={(bio) => setFields({ ...fields, bio })}
        error={form.errors.bio}
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
