import { Check, MessageSquare, UserPlus, X } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import type { Relation } from './relations.ts'
import { useRelation, useRelationActions } from './use-relations.ts'
import { useStartConversation } from './use-start-conversation.ts'

/** What one can do next with somebody in a list: ask them, answer them, write to them, let them in again. */
export function RelationButtons(person: { userId: number; name: string }) {
  const relation = useRelation(person.userId)
  return (
    <KeptFocus key={relation}>
      <ButtonsFor relation={relation} {...person} />
    </KeptFocus>
  )
}

function ButtonsFor({ relation, userId, name }: { relation: Relation; userId: number; name: string }) {
  const text = useText()
  const actions = useRelationActions()
  const { start, isStarting } = useStartConversation()
  switch (relation) {
    case 'asks':
      return (
        <>
          <Button
            size="sm"
            kind="primary"
            icon={<Check size={16} aria-hidden />}
            aria-label={text('people.accept.of', { name })}
            onClick={() => void actions.accept(userId)}
          >
            {text('people.accept')}
          </Button>
          <IconButton
            icon={<X size={18} aria-hidden />}
            label={text('people.reject.of', { name })}
            onClick={() => void actions.reject(userId)}
          />
        </>
      )
    case 'asked':
      return (
        <Button size="sm" aria-label={text('people.cancel.of', { name })} onClick={() => void actions.cancel(userId)}>
          {text('people.cancel')}
        </Button>
      )
    case 'blocked':
      return (
        <Button size="sm" aria-label={text('people.unblock.of', { name })} onClick={() => void actions.unblock(userId)}>
          {text('people.unblock')}
        </Button>
      )
    case 'oneself':
      return null
    default:
      return (
        <>
          {relation === 'stranger' ? (
            <IconButton
              icon={<UserPlus size={18} aria-hidden />}
              label={text('people.add.of', { name })}
              onClick={() => void actions.ask(userId)}
            />
          ) : null}
          <IconButton
            icon={<MessageSquare size={18} aria-hidden />}
            label={text('people.write.to', { name })}
            aria-busy={isStarting}
            onClick={() => void start(userId)}
          />
        </>
      )
  }
}
