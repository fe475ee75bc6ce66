import { useSyncExternalStore } from 'react'

/** Whether the browser lets the app notify: `unsupported` where it cannot, `default` while it was not asked. */
export type NotificationPermissionState = NotificationPermission | 'unsupported'

const listeners = new Set<() => void>()

/** Whether notifications of the desktop may be shown. */
export function notificationPermission(): NotificationPermissionState {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission
}

/** The same, as it changes. */
export function useNotificationPermission(): NotificationPermissionState {
  return useSyncExternalStore(subscribe, notificationPermission)
}

/** Asks for the permission. To be called at a press of a button: browsers refuse what comes by itself. */
export async function askToNotify(): Promise<NotificationPermissionState> {
  if (typeof Notification !== 'undefined') await Notification.requestPermission()
  for (const listener of listeners) listener()
  return notificationPermission()
}

/** It is changed in the browser's own settings, too: when the page is seen again it is looked at anew. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  document.addEventListener('visibilitychange', listener)
  return () => {
    listeners.delete(listener)
    document.removeEventListener('visibilitychange', listener)
  }
}
