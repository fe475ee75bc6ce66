import { UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { avatarHue, initials } from './avatar-look.ts'
import { classNames } from './class-names.ts'

export type AvatarProps = {
  /** Whose it is: makes the initials and the colour. */
  name: string
  image?: string | null
  size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl'
  isGroup?: boolean
  /** Shows a dot; undefined shows none. */
  isOnline?: boolean | undefined
}

const sizes = {
  xs: 'size-6 text-[0.6rem]',
  sm: 'size-8 text-xs',
  md: 'size-11 text-sm',
  lg: 'size-16 text-xl',
  xl: 'size-28 text-4xl',
}

/**
 * A picture of somebody or of a group; without one, and until it is loaded, initials in a colour that stays theirs. The
 * name stands beside it.
 */
export function Avatar({ name, image, size = 'md', isGroup = false, isOnline }: AvatarProps) {
  const text = useText()
  const [broken, setBroken] = useState<string>()
  const [loaded, setLoaded] = useState<string>()
  return (
    <span className={classNames('relative inline-block shrink-0', sizes[size])}>
      {image && image === loaded ? null : (
        <span
          aria-hidden
          data-hue={avatarHue(name)}
          className="avatar-hue grid size-full place-items-center rounded-full font-semibold"
        >
          {isGroup && size !== 'xl' ? <UsersRound className="size-1/2" /> : initials(name)}
        </span>
      )}
      {image && image !== broken ? (
        <img
          src={image}
          alt=""
          loading="lazy"
          decoding="async"
          onLoad={() => setLoaded(image)}
          onError={() => setBroken(image)}
          className="absolute inset-0 size-full rounded-full object-cover"
        />
      ) : null}
      {isOnline === undefined ? null : (
        <PresenceDot isOnline={isOnline} label={text(isOnline ? 'ui.online' : 'ui.offline')} />
      )}
    </span>
  )
}

function PresenceDot({ isOnline, label }: { isOnline: boolean; label: string }) {
  if (!isOnline) return <span className="sr-only">{label}</span>
  return (
    <span className="absolute end-0 bottom-0 block size-[28%] max-h-4 max-w-4 rounded-full border-2 border-surface bg-success">
      <span className="sr-only">{label}</span>
    </span>
  )
}
