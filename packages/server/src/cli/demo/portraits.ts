import sharp from 'sharp'

/** How somebody looks; the hue, in degrees, is that of the background and the clothes. */
export type Look = Readonly<{
  hue: number
  skin: string
  hair: string
  style: 'short' | 'long' | 'bun' | 'curls' | 'scarf'
  glasses?: boolean
}>

/** What lies behind the head, and what lies on it. */
const styles: Record<Look['style'], { behind: string; above: string }> = {
  short: {
    behind: '',
    above: '<path d="M150 226c-8-110 50-146 108-146s112 40 104 146c-14-58-44-78-104-78s-94 18-108 78z"/>',
  },
  long: {
    behind: '<path d="M138 410V220c0-92 56-142 118-142s118 50 118 142v190z"/>',
    above: '<path d="M154 232c-4-96 44-138 102-138s106 42 102 138c-30-30-44-70-60-84-26 34-92 62-144 84z"/>',
  },
  bun: {
    behind: '<circle cx="256" cy="70" r="46"/><circle cx="256" cy="206" r="116"/>',
    above: '<path d="M152 226c-4-92 46-130 104-130s108 38 104 130c-22-60-56-82-104-82s-82 22-104 82z"/>',
  },
  curls: {
    behind: [
      ...[140, 372].map((x) => `<circle cx="${x}" cy="250" r="42"/><circle cx="${x}" cy="186" r="46"/>`),
      '<circle cx="178" cy="126" r="50"/><circle cx="256" cy="100" r="56"/><circle cx="334" cy="126" r="50"/>',
    ].join(''),
    above: '<path d="M160 206c4-66 46-98 96-98s92 32 96 98c-30-20-40-44-62-44-20 0-26 14-50 14-30 0-40 14-80 30z"/>',
  },
  scarf: {
    behind: '<path d="M126 430c10-60 6-130 6-190 0-100 56-160 124-160s124 60 124 160c0 60-4 130 6 190z"/>',
    above:
      '<path fill-rule="evenodd" d="M256 84c-74 0-118 60-118 140 0 96 50 160 118 160s118-64 118-160c0-80-44-140-118-140zm0 62c52 0 82 36 82 92 0 66-36 112-82 112s-82-46-82-112c0-56 30-92 82-92z"/>',
  },
}

const GLASSES =
  '<g fill="none" stroke="#2b2b33" stroke-width="7"><circle cx="212" cy="232" r="34"/><circle cx="300" cy="232" r="34"/><path d="M246 228q10-8 20 0"/></g>'

/** Draws somebody's picture: a PNG of 512 pixels a side. */
export function drawPortrait({ hue, skin, hair, style, glasses }: Look): Promise<Buffer> {
  const { behind, above } = styles[style]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">
    <defs><linearGradient id="back" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="hsl(${hue},70%,82%)"/><stop offset="1" stop-color="hsl(${(hue + 50) % 360},62%,58%)"/>
    </linearGradient></defs>
    <rect width="512" height="512" fill="url(#back)"/>
    <g fill="${hair}">${behind}</g>
    <path d="M70 512c0-110 80-150 186-150s186 40 186 150z" fill="hsl(${hue},45%,38%)"/>
    <path d="M214 300h84v70q-42 44-84 0z" fill="${skin}"/>
    <ellipse cx="256" cy="240" rx="96" ry="112" fill="${skin}"/>
    <g fill="${hair}">${above}</g>
    <g fill="#2a2024"><circle cx="214" cy="234" r="9"/><circle cx="298" cy="234" r="9"/></g>
    <path d="M216 290q40 36 80 0" fill="none" stroke="#8c3f3a" stroke-width="9" stroke-linecap="round"/>
    <g fill="#e0705f" opacity=".25"><circle cx="190" cy="274" r="20"/><circle cx="322" cy="274" r="20"/></g>
    ${glasses ? GLASSES : ''}
  </svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}
