import { useClient } from '@confab/client/react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { TextArea } from '../../ui/TextArea.tsx'
import { showToast } from '../../ui/toasts.ts'
import { SettingsGroup } from './SettingsGroup.tsx'

/** The longest that the server takes. In characters. */
const MAX_CHARS = 1_000

/** What staff tell everyone on the server. */
export function AnnouncementsSection() {
  const text = useText()
  const { api } = useClient()
  const [message, setMessage] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  const send = async () => {
    await api.notifications.createNotification({ body: { message: message.trim() } })
    setMessage('')
    showToast({ title: text('settings.announcements.sent') })
  }
  return (
    <SettingsGroup title={text('settings.announcements.title')} detail={text('settings.announcements.text')}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (message.trim() !== '') setIsAsked(true)
        }}
      >
        <TextArea
          label={text('settings.announcements.message')}
          hint={text('settings.announcements.left', { count: MAX_CHARS - message.length })}
          value={message}
          onChange={setMessage}
          maxLength={MAX_CHARS}
          rows={3}
        />
        <Button type="submit" kind="primary" disabled={message.trim() === ''} className="self-start">
          {text('settings.announcements.send')}
        </Button>
      </form>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        title={text('settings.announcements.confirm.title')}
        description={text('settings.announcements.confirm.text')}
        action={text('settings.announcements.send')}
        onConfirm={send}
      />
    </SettingsGroup>
  )
}
