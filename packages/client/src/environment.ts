/** What the client learns of the device it runs on. In Node nothing of it changes. */

/** How the device is doing. */
export interface Environment {
  /** False where it is certain that there is no network; true says little. */
  isOnline(): boolean
  /** False while nobody can see the page. */
  isVisible(): boolean
  /** Told when the network went or came, or the page is seen again: when it is worth finding out how things are. */
  onWake(listener: () => void): () => void
  /** Told when the page is seen no more: it may never run again. */
  onHide?(listener: () => void): () => void
}

/** The browser's, or that of a program which is always online and seen. */
export function createEnvironment(): Environment {
  const hasDocument = typeof document !== 'undefined'
  return {
    isOnline: () => !hasDocument || navigator.onLine !== false,
    isVisible: () => !hasDocument || document.visibilityState === 'visible',
    onWake: (listener) => {
      if (!hasDocument) return () => {}
      const onVisible = () => {
        if (document.visibilityState === 'visible') listener()
      }
      addEventListener('online', listener)
      addEventListener('offline', listener)
      document.addEventListener('visibilitychange', onVisible)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
        document.removeEventListener('visibilitychange', onVisible)
      }
    },
    onHide: (listener) => {
      if (!hasDocument) return () => {}
      const onHidden = () => {
        if (document.visibilityState === 'hidden') listener()
      }
      document.addEventListener('visibilitychange', onHidden)
      return () => document.removeEventListener('visibilitychange', onHidden)
    },
  }
}
