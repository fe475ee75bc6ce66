/** Draws the icons of the installed app from `public/favicon.svg`. To be run when that changes; the results are committed. */
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'

const folder = path.join(import.meta.dirname, '../public')
const icons = path.join(folder, 'icons')
const PAPER = '#f5f1ea'

const svg = await readFile(path.join(folder, 'favicon.svg'))

/** The sign in the middle of a square; `share` of its side is sign, the rest room around it. */
async function draw(name: string, { side, share, background }: { side: number; share: number; background?: string }) {
  const inner = Math.round(side * share)
  // Drawn at its size: an SVG has 72 dots an inch unless told otherwise.
  const sign = await sharp(svg, { density: (72 * inner) / 32 })
    .resize(inner, inner)
    .png()
    .toBuffer()
  const paper = background ?? { r: 0, g: 0, b: 0, alpha: 0 }
  await sharp({ create: { width: side, height: side, channels: 4, background: paper } })
    .composite([{ input: sign, gravity: 'centre' }])
    .png({ compressionLevel: 9, palette: true })
    .toFile(path.join(icons, `${name}.png`))
}

/** What Android shows in its status bar: the outline alone, white on nothing. */
async function drawBadge(name: string, side: number) {
  const outline = svg
    .toString()
    .replace(/<circle[^>]*>/g, '')
    .replace('#0b6273', '#fff')
  await sharp(Buffer.from(outline), { density: (72 * side) / 32 })
    .resize(side, side)
    .png({ compressionLevel: 9 })
    .toFile(path.join(icons, `${name}.png`))
}

await mkdir(icons, { recursive: true })
await draw('icon-192', { side: 192, share: 0.92 })
await draw('icon-512', { side: 512, share: 0.92 })
// Launchers cut it to a circle of four fifths.
await draw('maskable-512', { side: 512, share: 0.56, background: PAPER })
await draw('apple-touch-icon', { side: 180, share: 0.7, background: PAPER })
await drawBadge('badge-96', 96)
