import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { announce } from '../../../ui/LiveRegion.tsx'
import { findQuery, findShortcode } from './completion.ts'
import { useCatalog } from './emoji/catalog.ts'
import { inOwnTone, noteEmoji } from './emoji/habits.ts'
import { insertText } from './replace-text.ts'
import { type Suggestion, useSuggestions } from './use-suggestions.ts'

/**
 * Completes `@names` and `:shortcodes:` in a text area: what to show, and the keys that choose. `look` is to be called
 * whenever the text or the caret is another.
 */
export function useCompletion(room: number, area: RefObject<HTMLTextAreaElement | null>, written: string) {
  const text = useText()
  const id = useId()
  const [at, setAt] = useState({ text: '', caret: 0 })
  const [index, setIndex] = useState(0)
  const [dismissed, setDismissed] = useState<number>()
  // What was sent or reset meanwhile is not being written any more.
  const query = at.text === written ? findQuery(at.text, at.caret) : undefined
  const suggestions = useSuggestions(room, query)
  const catalog = useCatalog(query?.kind === 'emoji' || findShortcode(at.text, at.caret) !== undefined)
  const isOpen = query !== undefined && suggestions.length > 0 && query.start !== dismissed
  const activeIndex = Math.min(index, Math.max(0, suggestions.length - 1))
  const count = isOpen ? suggestions.length : 0
  useEffect(() => {
    if (count > 0) announce(text('composer.suggestions.count', { count }))
  }, [count, text])

  const look = () => {
    const element = area.current
    if (!element) return
    const { value, selectionStart: caret, selectionEnd } = element
    const shortcode = caret === selectionEnd ? findShortcode(value, caret) : undefined
    const emoji = shortcode && catalog?.byCode.get(shortcode.code.toLowerCase())
    // A text that only shrank was not ended by a colon just now.
    if (shortcode && emoji && value.length > at.text.length) {
      noteEmoji(emoji)
      insertText(element, inOwnTone(emoji), [shortcode.start, shortcode.end])
      return
    }
    if (findQuery(value, caret)?.start !== query?.start) setDismissed(undefined)
    if (value !== at.text) setIndex(0)
    if (value !== at.text || caret !== at.caret) setAt({ text: value, caret })
  }
  const pick = (suggestion: Suggestion) => {
    const element = area.current
    if (!element || !query) return
    if (suggestion.kind === 'emoji') noteEmoji(suggestion.emoji)
    const words = suggestion.kind === 'emoji' ? inOwnTone(suggestion.emoji) : `@${suggestion.person.username}`
    insertText(element, `${words} `, [query.start, query.end])
  }
  /** Answers whether the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!isOpen || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
    const { length } = suggestions
    const chosen = suggestions[activeIndex]
    if (event.key === 'ArrowDown') setIndex((activeIndex + 1) % length)
    else if (event.key === 'ArrowUp') setIndex((activeIndex - 1 + length) % length)
    else if (event.key === 'Escape') setDismissed(query.start)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen) pick(chosen)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  const areaProps = {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    ...(isOpen && { 'aria-controls': id, 'aria-activedescendant': `${id}-${activeIndex}` }),
  } as const
  return { id, isOpen, suggestions, activeIndex, look, pick, onKey, areaProps }
}
