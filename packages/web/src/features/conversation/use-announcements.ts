import type { Message } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { useEffect, useEffectEvent } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { plainText } from '../../lib/plain-text.ts'
import { announce } from '../../ui/LiveRegion.tsx'
import { senderName } from '../../ui/sender-name.ts'

/** Messages that come within this time are announced together. In ms. */
const GATHER_MS = 1_000

/** A long text is only begun. In characters. */
const MAX_SPOKEN = 200

/** Has screen readers say what others write in a room: one message in its words, several as their number. */
export function useAnnouncements(room: number): void {
  const client = useClient()
  const me = useMe()?.id
  const text = useText()
  const say = useEffectEvent((first: Message, count: number) => {
    if (count > 1) announce(text('conversation.announce.many', { count }))
    else {
      const words = plainText(first.content).slice(0, MAX_SPOKEN) || text('conversation.announce.image')
      announce(text('conversation.announce.one', { name: senderName(first.sender.username, text), words }))
    }
  })
  useEffect(() => {
    let gathered: Message[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = client.on('message.created', ({ message }) => {
      if (message.room !== room || message.sender.id === me) return
      gathered.push(message)
      timer ??= setTimeout(() => {
        const [first] = gathered
        if (first) say(first, gathered.length)
        gathered = []
        timer = undefined
      }, GATHER_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [client, room, me])
}
