import type { Room } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { PeoplePicker } from './PeoplePicker.tsx'
import type { Candidate } from './use-candidates.ts'

/** Puts people in a group. */
export function AddMembersDialog({ room, isOpen, onClose }: { room: Room; isOpen: boolean; onClose: () => void }) {
  const text = useText()
  const client = useClient()
  const form = useForm([])
  const [chosen, setChosen] = useState<readonly Candidate[]>([])
  const close = () => {
    setChosen([])
    form.forget()
    onClose()
  }
  const add = async () => {
    const isDone = await form.submit(async () => {
      await client.api.rooms.addMembers({ params: { id: room.id }, body: { users: chosen.map(({ id }) => id) } })
    })
    if (isDone) close()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={text('groups.add.title')}
      actions={
        <>
          <Button onClick={close}>{text('ui.cancel')}</Button>
          <Button kind="primary" isBusy={form.isBusy} disabled={chosen.length === 0} onClick={() => void add()}>
            {text('groups.add.confirm', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <div className="flex h-[55dvh] flex-col pt-1">
        <p role="alert" className="pb-2 text-sm text-danger-ink empty:hidden">
          {form.failure}
        </p>
        <PeoplePicker chosen={chosen} onChange={setChosen} without={new Set(room.participants.map(({ id }) => id))} />
      </div>
    </Dialog>
  )
}
