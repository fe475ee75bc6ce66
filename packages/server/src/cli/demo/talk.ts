/** Has the demo's people say, change, take back and read what the script says, through the services. */
import { deleteMessage, editMessage, sendMessage } from '../../features/messages/service.ts'
import { markMessageRead } from '../../features/receipts/service.ts'
import { actorOf, type Cast } from './found.ts'
import type { Random } from './random.ts'
import { drawScene, type Scene } from './scenes.ts'
import type { ScriptedMessage, ScriptedRead, ScriptedRoom } from './script.ts'

/** A message that was sent: what the script says of it, and what the server made of it. */
export type Sent = Readonly<{ scripted: ScriptedMessage; roomId: number; id: number; no: number }>

/** A read mark that was set. */
export type Marked = Readonly<{ roomId: number; userId: number; no: number; at: number }>

/** A room of the script, and which one it is on the server. */
export type StagedRoom = Readonly<{ roomId: number; script: ScriptedRoom }>

type Act = Readonly<{ at: number; staged: StagedRoom; place: number; does: 'send' | 'edit' | 'delete' }>

/** Sends waiting for their commit at a time. */
const MAX_WAITING = 128

/**
 * Plays everything that is said in all rooms, in the order of time, so that ids grow with time. Sends wait together
 * for their commits: the writer stores them in the order in which it is given them.
 *
 * @returns what was sent, in each room's order
 */
export async function saySaid(cast: Cast, rooms: readonly StagedRoom[], random: Random) {
  const sent = new Map<StagedRoom, Sent[]>(rooms.map((room) => [room, []]))
  let waiting: Promise<void>[] = []
  for (const act of actsOf(rooms)) {
    const scripted = act.staged.script.messages[act.place]
    const list = sent.get(act.staged)
    if (!scripted || !list) throw new Error('an act is of no room')
    const isPlain = act.does === 'send' && !scripted.hasPhoto
    if (!isPlain || waiting.length >= MAX_WAITING) waiting = await settle(waiting)
    const done = play(cast, act, { scripted, list, random })
    if (isPlain) waiting.push(done)
    else await done
  }
  await settle(waiting)
  return sent
}

async function settle(waiting: readonly Promise<void>[]): Promise<Promise<void>[]> {
  await Promise.all(waiting)
  return []
}

function actsOf(rooms: readonly StagedRoom[]): Act[] {
  const acts = rooms.flatMap((staged) =>
    staged.script.messages.flatMap(({ at, edit, deletedAt }, place): Act[] => [
      { at, staged, place, does: 'send' },
      ...(edit ? [{ at: edit.at, staged, place, does: 'edit' } as const] : []),
      ...(deletedAt === undefined ? [] : [{ at: deletedAt, staged, place, does: 'delete' } as const]),
    ]),
  )
  return acts.sort((one, other) => one.at - other.at)
}

type Stage = { scripted: ScriptedMessage; list: Sent[]; random: Random }

async function play(cast: Cast, { staged, place, does }: Act, { scripted, list, random }: Stage): Promise<void> {
  const { roomId, script } = staged
  const ctx = actorOf(cast, scripted.sender)
  const known = list[place]
  if (does === 'send') {
    const image = scripted.hasPhoto ? { image: await takePhoto(script, random) } : {}
    const { message } = await sendMessage(ctx, roomId, { content: scripted.text, ...image })
    list[place] = { scripted, roomId, id: message.id, no: message.no }
  } else if (known && does === 'edit') {
    await editMessage(ctx, roomId, known.id, { content: scripted.edit?.text, image: undefined })
  } else if (known) {
    await deleteMessage(ctx, roomId, known.id)
  }
}

async function takePhoto({ room }: ScriptedRoom, random: Random) {
  const scenes: readonly Scene[] = 'scene' in room ? [room.scene, room.scene, 'hills'] : ['sea', 'hills', 'city']
  return { filename: 'photo.jpg', contentType: 'image/jpeg', bytes: await drawScene(random.pick(scenes), random) }
}

/** Sets everybody's read marks: those of one person in their order, people beside each other. */
export async function readRead(cast: Cast, sent: ReadonlyMap<StagedRoom, readonly Sent[]>): Promise<Marked[]> {
  const marked: Marked[] = []
  const read = async ({ roomId }: StagedRoom, reads: readonly ScriptedRead[], list: readonly Sent[]) => {
    for (const { reader, upTo, at } of reads) {
      const message = list[upTo]
      if (!message) throw new Error('a message is read that was not sent')
      const ctx = actorOf(cast, reader)
      await markMessageRead(ctx, roomId, message.id)
      marked.push({ roomId, userId: ctx.actor.id, no: message.no, at })
    }
  }
  await Promise.all(
    [...sent].flatMap(([staged, list]) => {
      const byReader = Map.groupBy(staged.script.reads, ({ reader }) => reader)
      return [...byReader.values()].map((reads) => read(staged, reads, list))
    }),
  )
  return marked
}
