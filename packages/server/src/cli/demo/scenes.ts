import sharp from 'sharp'
import type { Random } from './random.ts'

/** Each draws what a photo shows, in SVG on 960 × 720, with another light and other details every time. */
const scenes = {
  hills: (random: Random) => {
    const hue = random.pick([205, 25, 330, 265])
    return [
      sky(hue),
      sun(random),
      ...[0, 1, 2, 3].map((depth) => {
        const top = 300 + depth * 95
        const shift = random.between(-120, 120)
        const ridge = `M0 ${top + 60}Q${240 + shift} ${top - 150} ${480 + shift} ${top}T960 ${top - 20}V720H0z`
        return `<path d="${ridge}" fill="hsl(${hue + 10 * depth},${28 + depth * 4}%,${58 - depth * 13}%)"/>`
      }),
    ]
  },
  sea: (random: Random) => {
    const hue = random.pick([15, 35, 340])
    const glints = Array.from({ length: 40 }, () => {
      const y = random.between(440, 710)
      const width = random.between(20, 60 + (y - 440) / 2)
      return `<rect x="${480 - width / 2 + random.between(-150, 150)}" y="${y}" width="${width}" height="4" rx="2" fill="#fff" opacity=".35"/>`
    })
    return [sky(hue), sun(random), '<rect y="430" width="960" height="290" fill="hsl(205,48%,38%)"/>', ...glints]
  },
  city: (random: Random) => {
    const houses = Array.from({ length: 26 }, (_, index) => {
      const [x, top] = [(index * 77) % 960, 250 + Math.floor(index / 13) * 150 + random.between(0, 110)]
      const windows = [0, 1, 2].map(
        (row) => `<path d="M${x + 16} ${top + 30 + row * 44}h16v24h-16zm34 0h16v24h-16z" fill="#48515f" opacity=".6"/>`,
      )
      return [
        `<rect x="${x}" y="${top}" width="82" height="480" fill="hsl(${random.between(18, 52)},${random.between(30, 70)}%,${random.between(72, 88)}%)"/>`,
        `<path d="M${x - 6} ${top}l47-34 47 34z" fill="hsl(${random.between(8, 20)},58%,46%)"/>`,
        ...windows,
      ].join('')
    })
    return [sky(200), sun(random), ...houses]
  },
  bowl: (random: Random) => {
    const [red, green, blue] = [random.between(20, 60), random.between(80, 130), random.between(5, 20)]
    const bits = Array.from({ length: 70 }, () => {
      const [angle, far] = [random.int(628) / 100, Math.sqrt(random.int(1000) / 1000) * 200]
      const [x, y] = [480 + Math.cos(angle) * far, 370 + Math.sin(angle) * far]
      return `<circle cx="${x.toFixed()}" cy="${y.toFixed()}" r="${random.between(10, 28)}" fill="hsl(${random.pick([red, green, blue])},65%,${random.between(42, 66)}%)"/>`
    })
    return [
      `<rect width="960" height="720" fill="hsl(${random.between(20, 40)},32%,${random.between(46, 70)}%)"/>`,
      '<circle cx="480" cy="376" r="296" fill="#000" opacity=".18"/><circle cx="480" cy="366" r="290" fill="#f4f1ea"/>',
      '<circle cx="480" cy="370" r="236" fill="#e2d6bf"/>',
      ...bits,
    ]
  },
  pitch: (random: Random) => {
    const stripes = Array.from(
      { length: 8 },
      (_, index) =>
        `<rect x="${index * 120}" y="300" width="120" height="420" fill="hsl(110,42%,${index % 2 ? 36 : 41}%)"/>`,
    )
    return [
      sky(random.pick([205, 30])),
      sun(random),
      ...stripes,
      '<g fill="none" stroke="#fff" stroke-width="6" opacity=".85"><path d="M0 470h960"/><ellipse cx="480" cy="470" rx="150" ry="62"/><path d="M390 300v-90h180v90"/></g>',
      `<circle cx="${random.between(300, 660)}" cy="${random.between(520, 650)}" r="24" fill="#fff"/>`,
    ]
  },
  chart: (random: Random) => {
    const [x, y] = [random.between(380, 580), random.between(280, 440)]
    const rings = Array.from({ length: 11 }, (_, ring) => {
      const far = 520 - ring * 46
      return `<ellipse cx="${x + random.between(-18, 18)}" cy="${y + random.between(-14, 14)}" rx="${far}" ry="${(far * 0.72).toFixed()}" transform="rotate(${random.between(-12, 12)} ${x} ${y})" fill="hsl(${200 - ring * 4},${60 - ring}%,${26 + ring * 5}%)" stroke="#ffffff55" stroke-width="2"/>`
    })
    return ['<rect width="960" height="720" fill="hsl(208,62%,22%)"/>', ...rings]
  },
} satisfies Record<string, (random: Random) => string[]>

/** What a picture shows. */
export type Scene = keyof typeof scenes

/** Draws a picture: a JPEG of 720 × 540 pixels. */
export function drawScene(scene: Scene, random: Random): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="540" viewBox="0 0 960 720">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#fff" stop-opacity="0"/><stop offset=".7" stop-color="#fff" stop-opacity=".65"/>
    </linearGradient></defs>${scenes[scene](random).join('')}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 84 }).toBuffer()
}

function sky(hue: number): string {
  return `<rect width="960" height="720" fill="hsl(${hue},62%,62%)"/><rect width="960" height="720" fill="url(#sky)"/>`
}

function sun(random: Random): string {
  return `<circle cx="${random.between(180, 780)}" cy="${random.between(120, 300)}" r="${random.between(36, 64)}" fill="#fff6da" opacity=".9"/>`
}
