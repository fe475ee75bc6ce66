import type { Catalog, Emoji } from './catalog.ts'
import { searchEmoji } from './search.ts'

/** How many emoji stand beside each other. */
export const COLUMNS = 8

/** Found emoji beyond this are not looked at by anybody. */
const MAX_FOUND = 160

/** A line of the picker: the name of a group, or emoji of it. `-1` is the group of those used last. */
export type PickerRow = Readonly<{ group: number; emoji: readonly Emoji[] }>

/** What the picker shows: what was looked for, or those used last and all by group, each group after a row with its name. */
export function listRows(catalog: Catalog, query: string, recent: readonly string[]): readonly PickerRow[] {
  if (query.trim()) return cut(-2, searchEmoji(catalog.emoji, query, MAX_FOUND))
  const byUnicode = new Map(catalog.emoji.map((emoji) => [emoji.unicode, emoji]))
  const groups = new Map<number, Emoji[]>()
  const used = recent.flatMap((unicode) => byUnicode.get(unicode) ?? [])
  if (used.length > 0) groups.set(-1, used)
  for (const emoji of catalog.emoji) {
    const group = groups.get(emoji.group)
    if (group) group.push(emoji)
    else groups.set(emoji.group, [emoji])
  }
  return [...groups].flatMap(([group, emoji]) => [{ group, emoji: [] }, ...cut(group, emoji)])
}

function cut(group: number, emoji: readonly Emoji[]): PickerRow[] {
  const rows: PickerRow[] = []
  for (let at = 0; at < emoji.length; at += COLUMNS) rows.push({ group, emoji: emoji.slice(at, at + COLUMNS) })
  return rows
}

/** Where somebody is in the picker. */
export type Cell = Readonly<{ row: number; column: number }>

/** The next cell in a direction; the same where there is none. Rows with names are passed over. */
export function moveCell(
  rows: readonly PickerRow[],
  from: Cell,
  by: Readonly<{ rows: number; columns: number }>,
): Cell {
  if (by.columns !== 0) return moveSideways(rows, from, by.columns)
  let row = from.row + by.rows
  while (rows[row] && rows[row]?.emoji.length === 0) row += Math.sign(by.rows)
  const width = rows[row]?.emoji.length
  return width === undefined ? from : { row, column: Math.min(from.column, width - 1) }
}

function moveSideways(rows: readonly PickerRow[], from: Cell, columns: number): Cell {
  const column = from.column + columns
  if (rows[from.row]?.emoji[column]) return { row: from.row, column }
  const beside = moveCell(rows, from, { rows: Math.sign(columns), columns: 0 })
  if (beside === from) return from
  return { row: beside.row, column: columns > 0 ? 0 : (rows[beside.row]?.emoji.length ?? 1) - 1 }
}

/** The first cell with an emoji. */
export function firstCell(rows: readonly PickerRow[]): Cell {
  return {
    row: Math.max(
      0,
      rows.findIndex(({ emoji }) => emoji.length > 0),
    ),
    column: 0,
  }
}
