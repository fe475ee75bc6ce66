import { LoaderCircle } from 'lucide-react'

/** Turns while something is under way. A picture only: say in words nearby what it is. `size` in pixels. */
export function Spinner({ size = 20 }: { size?: number }) {
  return <LoaderCircle size={size} aria-hidden className="animate-spin" />
}
