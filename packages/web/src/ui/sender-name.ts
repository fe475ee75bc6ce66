import type { Text } from '../lib/i18n/use-text.ts'
import { isDeleted } from '../lib/names.ts'

/** How whoever said something is called where only their username is known. */
export function senderName(username: string, text: Text): string {
  return isDeleted({ username }) ? text('ui.deleted_user') : username
}
