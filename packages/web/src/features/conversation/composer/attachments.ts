/**
 * Images that were picked and are not sent yet, by room. They stay while somebody looks at another room; a reload forgets
 * them.
 */
import type { ImageSize } from '@confab/client'
import { useSyncExternalStore } from 'react'
import { compress } from './compression.ts'

/** What is wrong with an image. */
export type AttachmentProblem = 'unreadable' | 'too_large'

export type Attachment = Readonly<{
  id: string
  name: string
  /** What was picked: to be shown. */
  file: Blob
  /** What is sent; undefined until it is ready. */
  image: Blob | undefined
  imageSize: ImageSize | undefined
  problem: AttachmentProblem | undefined
}>

/** More at once are a mistake more often than not. */
export const MAX_ATTACHMENTS = 10

const none: readonly Attachment[] = []
const byRoom = new Map<number, readonly Attachment[]>()
const listeners = new Set<() => void>()

/** The images of a room that wait to be sent, in the order in which they were picked. */
export function useAttachments(room: number): readonly Attachment[] {
  return useSyncExternalStore(subscribe, () => byRoom.get(room) ?? none)
}

/**
 * Adds images, and makes them ready. Answers how many there was no place for.
 *
 * @param maxBytes the largest that the server takes
 */
export function addAttachments(room: number, files: readonly File[], maxBytes: number): number {
  const before = byRoom.get(room) ?? none
  const added = files.slice(0, MAX_ATTACHMENTS - before.length).map(
    (file): Attachment => ({
      id: crypto.randomUUID(),
      name: file.name,
      file,
      image: undefined,
      imageSize: undefined,
      problem: undefined,
    }),
  )
  change(room, [...before, ...added])
  for (const { id, file } of added) void prepare({ room, id, file, maxBytes })
  return files.length - added.length
}

/** Takes one away. */
export function removeAttachment(room: number, id: string): void {
  change(
    room,
    (byRoom.get(room) ?? none).filter((one) => one.id !== id),
  )
}

/** Takes those away that are sent now. */
export function clearAttachments(room: number): void {
  change(room, none)
}

type Job = Readonly<{ room: number; id: string; file: Blob; maxBytes: number }>

async function prepare({ room, id, file, maxBytes }: Job): Promise<void> {
  const compressed = await compress(file)
  const image = compressed?.image
  const isTooLarge = image !== undefined && image.size > maxBytes
  const problem = (image === undefined && 'unreadable') || (isTooLarge && 'too_large') || undefined
  change(
    room,
    (byRoom.get(room) ?? none).map((one) =>
      one.id === id ? { ...one, image: problem ? undefined : image, imageSize: compressed?.size, problem } : one,
    ),
  )
}

function change(room: number, attachments: readonly Attachment[]): void {
  if (attachments.length === 0) byRoom.delete(room)
  else byRoom.set(room, attachments)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
