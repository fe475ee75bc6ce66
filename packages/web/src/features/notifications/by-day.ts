/** What happened on one day; `at` is a time of that day, ISO 8601. */
export type Day<Item> = Readonly<{ at: string; items: readonly Item[] }>

/** Items, newest first, by the days of the device's calendar. */
export function byDay<Item extends { timestamp: string }>(items: readonly Item[]): Day<Item>[] {
  const days: { at: string; date: string; items: Item[] }[] = []
  for (const item of items) {
    const date = new Date(item.timestamp).toDateString()
    const last = days.at(-1)
    if (last?.date === date) last.items.push(item)
    else days.push({ at: item.timestamp, date, items: [item] })
  }
  return days
}
