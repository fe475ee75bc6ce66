/** A source of choices that makes the same ones for the same seed. */
export type Random = {
  /** A whole number from 0 up to, but without, `below`. */
  int(below: number): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** One of the items. @throws RangeError where there are none */
  pick<T>(items: readonly T[]): T
  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[]
}

/** Makes a source of choices by mulberry32 (public domain, by Tommy Ettinger): fair enough for tales, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const int = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
  return {
    int,
    between: (least, most) => least + int(most - least + 1),
    pick: (items) => {
      const item = items[int(items.length)]
      if (item === undefined) throw new RangeError('there is nothing to pick from')
      return item
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, place: int(2 ** 31) }))
        .sort((one, other) => one.place - other.place)
        .map(({ item }) => item),
  }
}
