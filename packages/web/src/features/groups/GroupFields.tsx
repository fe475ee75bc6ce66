import { useEffect, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { PicturePicker } from '../../ui/PicturePicker.tsx'
import { TextField } from '../../ui/TextField.tsx'

/** What a new group has beside its people: a name, and a picture if one likes. */
export function GroupFields({
  name,
  onName,
  nameError,
  picture,
  onPicture,
}: {
  name: string
  onName: (name: string) => void
  nameError: string | undefined
  picture: Blob | undefined
  onPicture: (picture: Blob | undefined) => void
}) {
  const text = useText()
  const [image, setImage] = useState<string | null>(null)
  useEffect(() => {
    const url = picture ? URL.createObjectURL(picture) : null
    setImage(url)
    return () => {
      if (url) URL.revokeObjectURL(url)
    }
  }, [picture])
  return (
    <div className="flex items-center gap-4">
      <PicturePicker
        label={text('groups.picture')}
        size="sm"
        onPick={async (picked) => onPicture(picked)}
        onRemove={picture ? () => onPicture(undefined) : undefined}
      >
        <Avatar name={name || '?'} image={image} size="lg" isGroup />
      </PicturePicker>
      <div className="min-w-0 grow">
        <TextField
          label={text('groups.new.name')}
          value={name}
          onChange={onName}
          error={nameError}
          required
          maxLength={200}
          autoComplete="off"
        />
      </div>
    </div>
  )
}
