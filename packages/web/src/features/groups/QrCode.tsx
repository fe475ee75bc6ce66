import { encode } from 'uqr'

/** Words as a QR code (ISO/IEC 18004), drawn here: dark on white in both themes, as scanners want it. */
export function QrCode({ words, label }: { words: string; label: string }) {
  const { data, size } = encode(words, { ecc: 'M', border: 3 })
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="mx-auto block w-64 max-w-full rounded-lg bg-[#fff] text-[#000]"
    >
      <path fill="currentColor" d={pathOf(data)} />
    </svg>
  )
}

/** The dark squares as one path: a stroke of rectangles a row. */
function pathOf(data: readonly (readonly boolean[])[]): string {
  return data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : []))).join('')
}
