/** What clients do: talk, change their mind, read, come and go, and change who is in a room. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RoomState } from '../model/state.ts'
import { pause } from '../stack/waiting.ts'
import type { Client } from './client.ts'
import type { Ledger, Send } from './ledger.ts'
import { field } from './rest.ts'

/** How often each is done. */
const WEIGHTS = {
  say: 55,
  edit: 8,
  remove: 4,
  read: 15,
  type: 6,
  drop: 3,
  addMember: 4,
  removeMember: 3,
  leave: 1,
  rename: 1,
  promote: 1,
  mute: 1,
  hide: 1,
  found: 1,
  end: 1,
} as const

/** How far a pause between two actions of a client is from the average at most, as a part of it. */
const SPREAD = 0.7

/** Sends of a client that may be open: somebody who is cut off stops writing at some point. */
const MAX_OPEN = 8

/** Texts beyond this length are sent by REST. */
const LONG_TEXT = 1_000

/** Why a send is given up: what it was answered will not change by trying again. */
const FINAL = new Set(['room_not_found', 'cannot_message'])

/** Answers after which trying again is right. */
const PASSING = new Set(['unavailable', 'not_ready', 'throttled'])

/** Groups that clients may make beside those of the beginning. */
const MAX_FOUNDED = 6

/** What the actors of a run share. */
export type Stage = Readonly<{
  clients: readonly Client[]
  ledger: Ledger
  /** Groups made in the course of the run, which may be ended again. */
  founded: Set<number>
  /** Rooms that nobody leaves. */
  lasting: ReadonlySet<number>
  /** What a client waits between two actions on average. */
  pauseMs: number
  signal: AbortSignal
}>

/** One client at work, until the stage's signal says that it is enough and its sends are settled. */
export class Actor {
  readonly client: Client
  readonly #stage: Stage
  readonly #open = new Set<Promise<void>>()
  #count = 0

  constructor(client: Client, stage: Stage) {
    this.client = client
    this.#stage = stage
  }

  async run(): Promise<void> {
    const { random, trace } = this.client
    while (!this.#stage.signal.aborted) {
      const { pauseMs } = this.#stage
      const spread = Math.round(pauseMs * SPREAD)
      const waitMs = random.between(pauseMs - spread, pauseMs + spread)
      await sleep(waitMs, undefined, { signal: this.#stage.signal }).catch(() => {})
      const action = random.weighted(WEIGHTS)
      const room = random.pick(this.client.follower.rooms)
      if (this.#stage.signal.aborted || !room) continue
      trace.count(`action ${action}`)
      await this[action](room)
    }
    await Promise.all(this.#open)
  }

  /** Sends something, and goes on while it is under way. */
  say(room: RoomState, length = 0): void {
    const { client } = this
    if (this.#open.size >= MAX_OPEN || room.isHidden) return
    this.#count += 1
    const clientId = `${client.name}-${this.#count}`
    const content = `${clientId} says ${'so '.repeat(Math.max(1, Math.floor(length / 3)))}`.trim()
    const send = this.#stage.ledger.open({ clientId, sender: client.id, room: room.id, content })
    const delivery = this.#deliver(send).finally(() => this.#open.delete(delivery))
    this.#open.add(delivery)
  }

  /** The same, after earlier sends have made room for it. */
  async sayAll(room: RoomState, length: number): Promise<void> {
    while (this.#open.size >= MAX_OPEN) await Promise.race(this.#open)
    this.say(room, length)
  }

  /** Resolves when all sends have come to an end. */
  async settled(): Promise<void> {
    await Promise.all(this.#open)
  }

  async #deliver(send: Send): Promise<void> {
    const { random, trace } = this.client
    // Many of those in a row are more than a socket may send.
    const isLong = send.content.length > LONG_TEXT
    for (let attempt = 1; send.state === 'open'; attempt++) {
      if (attempt > 1) {
        trace.count('retries')
        await pause(random.between(50, 500))
      }
      // Impatient clients do not wait for one way to fail before they try the other.
      if (!isLong && random.chance(0.1)) {
        trace.count('sent twice at once')
        await Promise.all([this.#sendBySocket(send), this.#sendByRest(send)])
      } else if (isLong || random.chance(0.2)) await this.#sendByRest(send)
      else await this.#sendBySocket(send)
    }
  }

  async #sendBySocket(send: Send): Promise<void> {
    if (!this.client.isReady) return
    const { room, content, clientId } = send
    const reply = await this.client.command('message.send', { room, content, client_id: clientId })
    if (reply.kind === 'ack') this.#stage.ledger.acknowledge(send, Number(field(reply.data, 'message', 'id')))
    else if (reply.kind === 'error') this.#judge(send, reply.code, reply.message)
  }

  async #sendByRest(send: Send): Promise<void> {
    const { client } = this
    const body = { content: send.content, client_id: send.clientId }
    const answer = await client.rest.call('POST', `/api/chatrooms/${send.room}/messages/`, body)
    if (!answer) return
    const { status } = answer
    if (status === 200 || status === 201) this.#stage.ledger.acknowledge(send, Number(field(answer.body, 'id')))
    else if (status === 401) await client.renew()
    else if (status === 404) this.#judge(send, 'room_not_found', '')
    else if (status === 403) this.#judge(send, 'cannot_message', '')
    else if (status !== 503) this.#judge(send, String(status), JSON.stringify(answer.body))
  }

  #judge(send: Send, code: string, message: string): void {
    if (PASSING.has(code)) return
    if (send.state === 'open') send.state = 'refused'
    this.client.trace.count(`refused ${code}`)
    if (!FINAL.has(code)) {
      this.client.trace.violation(`${send.clientId} was refused: ${code} ${message}`, `room:${send.room}`)
    }
  }

  async edit(room: RoomState): Promise<void> {
    const { client } = this
    const send = client.random.pick(this.#stage.ledger.listOwn(client.id, room.id))
    if (!send) return
    this.#count += 1
    const content = `${send.clientId} meant ${this.#count}`
    send.perhapsEdited.add(content)
    send.edits += 1
    const reply = await client.command('message.edit', { room: room.id, id: send.id, content })
    if (reply.isRepeated) send.isLeftAlone = true
    if (reply.kind !== 'ack') return
    send.edited = content
    send.perhapsEdited.delete(content)
    client.trace.count('edits acknowledged')
  }

  async remove(room: RoomState): Promise<void> {
    const { client } = this
    const send = client.random.pick(this.#stage.ledger.listOwn(client.id, room.id))
    if (!send) return
    send.deleted = 'perhaps'
    const reply = await client.command('message.delete', { room: room.id, id: send.id })
    if (reply.kind === 'ack') {
      send.deleted = 'yes'
      client.trace.count('deletions acknowledged')
    }
  }

  async read(room: RoomState): Promise<void> {
    const newest = [...room.messages.keys()].at(-1)
    const isWhole = newest === undefined || this.client.random.chance(0.3)
    await this.client.command('room.read', { room: room.id, ...(isWhole ? {} : { message_id: newest }) })
  }

  async type(room: RoomState): Promise<void> {
    await this.client.command(this.client.random.chance(0.6) ? 'typing.start' : 'typing.stop', { room: room.id })
  }

  drop(): void {
    this.client.drop()
  }

  async addMember(room: RoomState): Promise<void> {
    const others = this.#stage.clients.filter(({ id }) => !room.members.has(id))
    const chosen = this.client.random.sample(others, this.client.random.between(1, 2))
    if (!this.#administers(room) || chosen.length === 0) return
    await this.#call('POST', room, 'add_members/', { users: chosen.map(({ id }) => id) })
  }

  async removeMember(room: RoomState): Promise<void> {
    const others = [...room.members].filter(([id, isAdmin]) => id !== this.client.id && !isAdmin).map(([id]) => id)
    const chosen = this.client.random.pick(others)
    if (!this.#administers(room) || chosen === undefined || others.length < 3) return
    await this.#call('POST', room, 'remove_member/', { user_id: chosen })
    // The hardest case for whoever follows the room: gone and back before anybody looked.
    if (this.client.random.chance(0.5)) await this.#call('POST', room, 'add_members/', { users: [chosen] })
  }

  async leave(room: RoomState): Promise<void> {
    if (!room.isGroup || room.members.get(this.client.id) || room.members.size < 4) return
    await this.#call('POST', room, 'leave_room/')
  }

  async rename(room: RoomState): Promise<void> {
    if (!this.#administers(room)) return
    this.#count += 1
    await this.#call('PATCH', room, '', { room_name: `of ${this.client.name}, ${this.#count}` })
  }

  async promote(room: RoomState): Promise<void> {
    const chosen = this.client.random.pick([...room.members.keys()])
    if (!this.#administers(room) || chosen === undefined || room.members.size < 6) return
    await this.#call('POST', room, 'assign_admin/', { user_id: chosen })
  }

  async mute(room: RoomState): Promise<void> {
    if (this.client.random.chance(0.5)) await this.#call('PUT', room, 'mute/', {})
    else await this.#call('DELETE', room, 'mute/')
  }

  /** Direct rooms are hidden, and opened again by whoever hid them. */
  async hide(room: RoomState): Promise<void> {
    if (room.isGroup) return
    const other = [...room.members.keys()].find((id) => id !== this.client.id)
    await this.#call('DELETE', room, '')
    await this.client.rest.call('POST', '/api/chatrooms/', { participant_ids: [other] })
  }

  async found(): Promise<void> {
    const { founded, clients } = this.#stage
    if (founded.size >= MAX_FOUNDED) return
    const people = this.client.random.sample(clients, 4).map(({ id }) => id)
    const body = { room_name: `founded by ${this.client.name}`, participant_ids: people }
    const answer = await this.client.rest.call('POST', '/api/chatrooms/', body)
    if (answer?.status === 201) founded.add(Number(field(answer.body, 'id')))
  }

  async end(room: RoomState): Promise<void> {
    if (!this.#stage.founded.has(room.id) || !this.#administers(room)) return
    const answer = await this.#call('DELETE', room, '')
    if (answer?.status === 204) this.#stage.founded.delete(room.id)
  }

  #administers(room: RoomState): boolean {
    return room.isGroup && (room.members.get(this.client.id) ?? false) && !this.#stage.lasting.has(room.id)
  }

  async #call(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', room: RoomState, path: string, body?: unknown) {
    const answer = await this.client.rest.call(method, `/api/chatrooms/${room.id}/${path}`, body)
    if (answer?.status === 401) await this.client.renew()
    this.client.trace.note(
      `room:${room.id}`,
      `${this.client.name} ${method} ${path} ${JSON.stringify(body)}: ${answer?.status ?? 'no answer'}`,
    )
    return answer
  }
}
