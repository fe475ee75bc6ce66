/** A device as far as it says what it is: names as they are known everywhere, undefined where it does not say. */
export type Device = Readonly<{ browser: string | undefined; system: string | undefined; isPhone: boolean }>

/** In the order in which they have to be looked for: most browsers say that they are others, too. */
const BROWSERS = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS)\//],
  ['Safari', /\bVersion\/[\d.]+.*Safari\//],
  ['curl', /^curl\//],
  ['Node.js', /^node/],
] as const

const SYSTEMS = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const

/** What a device says of itself in its `User-Agent`. It is shown, and nothing depends on it. */
export function readUserAgent(userAgent: string): Device {
  const browser = BROWSERS.find(([, sign]) => sign.test(userAgent))?.[0]
  const system = SYSTEMS.find(([, sign]) => sign.test(userAgent))?.[0]
  return { browser, system, isPhone: system === 'iPhone' || /Android.*Mobile/.test(userAgent) }
}
