/** Joins the classes that apply: `classNames('row', isSelected && 'bg-selected')`. */
export function classNames(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
