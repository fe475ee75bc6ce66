/**
 * Parts of the app that did not arrive, to be asked for by another address. Browsers may remember for as long as a page
 * lives that a module could not be fetched (Chromium 150 does), and then answer with that failure without asking anybody.
 * The build asks `confabPart` for the address of every part (`scripts/asked-again.ts`).
 */

declare global {
  /** The address of a part by now; undefined in workers, which fetch nothing again. */
  var confabPart: ((address: string) => string) | undefined
}

/** How often each file was missed. */
const missed = new Map<string, number>()

globalThis.confabPart = (address) => {
  const times = missed.get(fileOf(address))
  return times === undefined ? address : `${address}?again=${times}`
}

/** Says that a part did not arrive. Chromium and Firefox name it in the error; where none is named nothing changes. */
export function noteMissed(error: unknown): void {
  const address = error instanceof TypeError ? /https?:\S+\.js/.exec(error.message)?.[0] : undefined
  if (address === undefined) return
  const file = fileOf(address)
  missed.set(file, (missed.get(file) ?? 0) + 1)
}

function fileOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1)
}
