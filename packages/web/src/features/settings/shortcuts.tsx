import { hotkeyLabel } from '../../lib/hotkeys.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { Kbd } from '../../ui/Kbd.tsx'

/** Keys as they are shown, and what they do. */
type Shortcut = { keys: string; does: string }

/** All shortcuts of the app, in groups. */
export function ShortcutList() {
  const text = useText()
  const [enterSends] = usePreference('enterSends')
  const groups: { title: string; shortcuts: Shortcut[] }[] = [
    {
      title: text('settings.shortcuts.everywhere'),
      shortcuts: [
        { keys: hotkeyLabel('mod+k'), does: text('settings.shortcuts.search') },
        { keys: hotkeyLabel('alt+↓'), does: text('settings.shortcuts.next_room') },
        { keys: hotkeyLabel('alt+↑'), does: text('settings.shortcuts.previous_room') },
        { keys: '?', does: text('settings.shortcuts.help') },
        { keys: 'Esc', does: text('settings.shortcuts.close') },
      ],
    },
    {
      title: text('settings.shortcuts.writing'),
      shortcuts: [
        { keys: enterSends ? 'Enter' : hotkeyLabel('mod+enter'), does: text('settings.shortcuts.send') },
        { keys: enterSends ? hotkeyLabel('shift+enter') : 'Enter', does: text('settings.shortcuts.new_line') },
        { keys: '↑', does: text('settings.shortcuts.edit_last') },
        { keys: hotkeyLabel('mod+b'), does: text('settings.shortcuts.bold') },
        { keys: hotkeyLabel('mod+i'), does: text('settings.shortcuts.italic') },
      ],
    },
  ]
  return groups.map(({ title, shortcuts }) => (
    <section key={title} className="not-first:mt-5">
      <h3 className="mb-1 text-sm font-medium text-muted">{title}</h3>
      <dl>
        {shortcuts.map(({ keys, does }) => (
          <div
            key={does}
            className="flex min-h-9 items-center justify-between gap-4 border-b border-line last:border-0"
          >
            <dt className="text-sm text-ink">{does}</dt>
            <dd dir="ltr">
              <Kbd>{keys}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ))
}
