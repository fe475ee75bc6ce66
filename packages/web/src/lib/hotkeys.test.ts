import { expect, test } from 'vitest'
import { hotkeyLabel } from './hotkeys.ts'

test.each([
  ['mod+k', 'Ctrl K'],
  ['alt+↓', 'Alt ↓'],
  ['shift+enter', 'Shift Enter'],
])('%s is shown as %s', (keys, label) => {
  expect(hotkeyLabel(keys)).toBe(label)
})
