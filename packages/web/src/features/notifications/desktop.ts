/** Notifications of the desktop: one for each room, that goes when it is read. */
import type { Notification as ChatNotification } from '@confab/client'

/** What a notification of the desktop says, and where it leads. */
export type DesktopNote = Readonly<{ title: string; body: string; href: string; tag: string }>

const shown = new Map<string, Notification>()

/** Shows a note in place of the one with the same tag. `onOpen` is called when it is pressed. */
export async function showNote({ title, body, href, tag }: DesktopNote, onOpen: () => void): Promise<void> {
  const options = { body, tag, icon: '/icons/icon-192.png', badge: '/icons/badge-96.png', data: { href } }
  try {
    const note = new Notification(title, options)
    shown.set(tag, note)
    note.onclick = () => {
      window.focus()
      note.close()
      onOpen()
    }
    note.onclose = () => {
      if (shown.get(tag) === note) shown.delete(tag)
    }
  } catch {
    // Phones show them through the service worker only, which opens them, too.
    const registration = await navigator.serviceWorker?.getRegistration()
    await registration?.showNotification(title, options)
  }
}

/** Takes back the note of a tag, or all. */
export async function hideNotes(tag?: string): Promise<void> {
  for (const [key, note] of shown) if (tag === undefined || key === tag) note.close()
  const registration = await navigator.serviceWorker?.getRegistration()
  const notes = (await registration?.getNotifications(tag === undefined ? {} : { tag })) ?? []
  for (const note of notes) note.close()
}

/** One for each room; what is about no room is one of its own. */
export function tagOf({ id, room_id }: Pick<ChatNotification, 'id' | 'room_id'>): string {
  return room_id === null ? `notification:${id}` : `room:${room_id}`
}
