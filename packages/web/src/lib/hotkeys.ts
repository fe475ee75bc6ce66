import { useEffect, useEffectEvent } from 'react'

/** Whether it is a Mac, where commands go with Cmd and not with Ctrl. */
export const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

/**
 * Does something at a key, wherever the focus is: `useHotkey('mod+k', open)`. `mod` is Cmd on a Mac and Ctrl elsewhere.
 * Keys without `mod` or `alt` are left alone while something is written. The last to listen is asked first, and a key is
 * for one listener.
 */
export function useHotkey(keys: string, onPress: () => void, isActive = true): void {
  const press = useEffectEvent(onPress)
  useEffect(() => {
    if (!isActive) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !isHotkey(event, keys)) return
      event.preventDefault()
      press()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [keys, isActive])
}

/** Whether an event is these keys. */
export function isHotkey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target'>,
  keys: string,
): boolean {
  const parts = keys.toLowerCase().split('+')
  const wants = (name: string) => parts.includes(name)
  const hasMod = isMac ? event.metaKey : event.ctrlKey
  if (wants('mod') !== hasMod || wants('alt') !== event.altKey) return false
  if (wants('shift') !== event.shiftKey && parts.at(-1) !== '?') return false
  if (!wants('mod') && !wants('alt') && parts.at(-1) !== 'escape' && isWriting(event.target)) return false
  return event.key.toLowerCase() === parts.at(-1)
}

/** How keys are shown: `⌘K` or `Ctrl K`. */
export function hotkeyLabel(keys: string): string {
  const names: Record<string, string> = isMac
    ? { mod: '⌘', alt: '⌥', shift: '⇧' }
    : { mod: 'Ctrl', alt: 'Alt', shift: 'Shift' }
  return keys
    .split('+')
    .map((key) => names[key] ?? key.charAt(0).toUpperCase() + key.slice(1))
    .join(isMac ? '' : ' ')
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  )
}
