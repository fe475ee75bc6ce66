/** The types of image that are taken. */
export type SourceType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/avif'

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const JPEG = Buffer.from([0xff, 0xd8, 0xff])

/** Brands of an ISO base media file (ISO/IEC 14496-12) that mean AVIF. */
const AVIF_BRANDS = ['avif', 'avis']

/** How far into a file its list of brands is looked for. */
const BRANDS_END = 128

/**
 * The type that the first bytes claim, or undefined if it is none that is taken. This keeps every other decoder, those
 * for SVG and PDF above all, away from what strangers send; whether the claim is true is for the decoder to find out.
 */
export function claimedType(bytes: Buffer): SourceType | undefined {
  if (bytes.subarray(0, 3).equals(JPEG)) return 'image/jpeg'
  if (bytes.subarray(0, 8).equals(PNG)) return 'image/png'
  const text = bytes.toString('latin1', 0, 12)
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif'
  if (text.startsWith('RIFF') && text.endsWith('WEBP')) return 'image/webp'
  if (text.slice(4, 8) === 'ftyp' && hasAvifBrand(bytes)) return 'image/avif'
  return undefined
}

/** The major brand is at byte 8, a version at 12, and the compatible brands follow to the end of the box. */
function hasAvifBrand(bytes: Buffer): boolean {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, BRANDS_END)
  for (let at = 8; at + 4 <= end; at += 4) {
    if (at !== 12 && AVIF_BRANDS.includes(bytes.toString('latin1', at, at + 4))) return true
  }
  return false
}
