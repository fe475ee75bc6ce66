import { Explanation } from './Explanation.tsx'
import { useStanding } from './use-standing.ts'
import { Writing } from './Writing.tsx'

/** Where one writes in a room, or why one cannot. */
export function Composer({ room }: { room: number }) {
  const standing = useStanding(room)
  return standing.reason === 'writes' ? <Writing room={room} /> : <Explanation standing={standing} />
}
