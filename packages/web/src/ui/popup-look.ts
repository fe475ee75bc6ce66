/** What menus, lists and popovers that float above the page look like. */
export const popupLook =
  'pop z-50 overflow-y-auto rounded-lg border border-line bg-raised p-1.5 text-ink shadow-float outline-none'

/** What can be chosen in them. */
export const itemLook =
  'flex min-h-9 items-center gap-3 rounded-md px-2.5 py-1.5 text-sm outline-none select-none ' +
  'data-highlighted:bg-hover data-disabled:opacity-50'
