import { Ban, Ellipsis, UserMinus, UserRoundCheck } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { useRelation, useRelationActions } from './use-relations.ts'

type PersonMenuProps = {
  userId: number
  name: string
  /** Where it stands alone it says in words what it is. */
  hasLabel?: boolean
}

/** What ends something with somebody; each asks first. */
export function PersonMenu({ userId, name, hasLabel = false }: PersonMenuProps) {
  const text = useText()
  const relation = useRelation(userId)
  const actions = useRelationActions()
  const [question, setQuestion] = useState<'unfriend' | 'block'>()
  const unfriend: MenuEntry = {
    key: 'unfriend',
    label: text('people.unfriend'),
    icon: <UserMinus size={18} />,
    onSelect: () => setQuestion('unfriend'),
  }
  const block: MenuEntry = {
    key: 'block',
    label: text('people.block'),
    icon: <Ban size={18} />,
    isDangerous: true,
    onSelect: () => setQuestion('block'),
  }
  const unblock: MenuEntry = {
    key: 'unblock',
    label: text('people.unblock'),
    icon: <UserRoundCheck size={18} />,
    onSelect: () => void actions.unblock(userId),
  }
  const icon = <Ellipsis size={18} aria-hidden />
  const entries = relation === 'blocked' ? [unblock] : [...(relation === 'friend' ? [unfriend] : []), block]
  return (
    <>
      <Menu
        align={hasLabel ? 'center' : 'end'}
        trigger={
          hasLabel ? (
            <Button icon={icon} aria-label={text('people.menu', { name })}>
              {text('people.menu.label')}
            </Button>
          ) : (
            <IconButton icon={icon} label={text('people.menu', { name })} />
          )
        }
        entries={entries}
      />
      <ConfirmDialog
        isOpen={question === 'unfriend'}
        onClose={() => setQuestion(undefined)}
        title={text('people.unfriend.title', { name })}
        description={text('people.unfriend.text')}
        action={text('people.unfriend.confirm')}
        isDangerous
        onConfirm={() => void actions.unfriend(userId)}
      />
      <ConfirmDialog
        isOpen={question === 'block'}
        onClose={() => setQuestion(undefined)}
        title={text('people.block.title', { name })}
        description={text('people.block.text')}
        action={text('people.block')}
        isDangerous
        onConfirm={() => void actions.block(userId)}
      />
    </>
  )
}
