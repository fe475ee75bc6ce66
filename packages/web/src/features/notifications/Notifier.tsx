import type { Notification } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useParams, useRouter } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { playChime } from '../../lib/chime.ts'
import { notificationPermission } from '../../lib/desktop-notifications.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePageVisible } from '../../lib/page-visible.ts'
import { preferences } from '../../lib/preferences.ts'
import { isQuiet } from '../../lib/quiet.ts'
import { describe } from './describe.ts'
import { hideNotes, showNote, tagOf } from './desktop.ts'
import { placeOf } from './place.ts'
import { newsOf, reactionTo } from './reaction.ts'
import { becomeSpeaker, listSeen, noteSight } from './tab-locks.ts'

/** Tells the desktop what is new while nobody looks, and makes the sound of it: one of all tabs. */
export function Notifier() {
  const client = useClient()
  const isSpeaker = useIsSpeaker()
  const isVisible = usePageVisible()
  const { roomId: room } = useParams({ strict: false })
  const show = useShow()
  useEffect(() => (isVisible ? noteSight({ room }) : undefined), [isVisible, room])

  const react = useEffectEvent(async (told: readonly Notification[]) => {
    const news = newsOf(told, client.serverNow)
    if (news.length === 0) return
    const seen = await listSeen(isVisible ? { room } : undefined)
    const situation = { seen, preferences: preferences.get(), isQuiet: isQuiet() }
    const reactions = news.map((notification) => ({ notification, ...reactionTo(notification, situation) }))
    for (const { notification, isShown } of reactions) {
      if (isShown && notificationPermission() === 'granted') await show(notification)
    }
    if (reactions.some(({ isHeard }) => isHeard)) await playChime()
  })
  useEffect(() => {
    if (!isSpeaker) return
    // What was missed comes before the connection is live again, and is reacted to together.
    let told: Notification[] = []
    const reactOnceLive = () => {
      if (client.state.status !== 'live' || told.length === 0) return
      // A desktop that refuses, and a device without sound, are no reason to fail.
      void react(told).catch(() => {})
      told = []
    }
    const stopNew = client.on('notification.created', ({ notifications }) => {
      told.push(...notifications)
      reactOnceLive()
    })
    const stopLive = client.on('status', reactOnceLive)
    const stopRead = client.on('notification.read', ({ room_id: readRoom, ids }) => {
      const tags = ids?.map((id) => tagOf({ id, room_id: null })) ?? [readRoom ? `room:${readRoom}` : undefined]
      for (const tag of tags) void hideNotes(tag).catch(() => {})
    })
    const stopAll = client.on('logged_out', () => {
      told = []
      void hideNotes().catch(() => {})
    })
    return () => {
      stopNew()
      stopLive()
      stopRead()
      stopAll()
    }
  }, [client, isSpeaker])
  return null
}

function useIsSpeaker(): boolean {
  const [isSpeaker, setIsSpeaker] = useState(false)
  useEffect(() => becomeSpeaker(() => setIsSpeaker(true)), [])
  return isSpeaker
}

function useShow(): (notification: Notification) => Promise<void> {
  const text = useText()
  const client = useClient()
  const router = useRouter()
  return (notification) => {
    const isGroup = client.state.rooms.byId[notification.room_id ?? 0]?.is_group
    const { title, words } = describe(notification, { isGroup, text })
    const place = placeOf(notification)
    return showNote(
      {
        title,
        body: words,
        href: router.buildLocation(place).href,
        tag: tagOf(notification),
      },
      () => void router.navigate(place),
    )
  }
}
