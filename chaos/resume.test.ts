import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { Session } from './client/session.ts'
import { fetchRoom } from './model/fetch.ts'
import { type Filling, Follower } from './model/follower.ts'
import type { ServerFrame } from './model/frames.ts'
import { onLoopback } from './stack/address.ts'

/** Runs of random steps; each has rooms of its own, on the same server. */
const RUNS = 40

type Published = Parameters<TestServer['core']['services']['realtime']['publish']>[0]

/** The way from a commit to the hub, which the test holds back, loses, repeats and reorders. */
class UnreliableBus {
  readonly #publish: (events: Published) => void
  readonly #waiting: Published[] = []
  readonly #told: Published[] = []
  #isHeld = true

  constructor({ bus }: TestServer['core']['services']['realtime']) {
    this.#publish = bus.publishEvents.bind(bus)
    bus.publishEvents = (events) => {
      if (this.#isHeld) this.#waiting.push(events)
      else this.#publish(events)
    }
  }

  deliver(pick: number): void {
    for (const events of this.#waiting.splice(pick % Math.max(1, this.#waiting.length), 1)) this.#tell(events)
  }

  lose(pick: number): void {
    this.#waiting.splice(pick % Math.max(1, this.#waiting.length), 1)
  }

  repeat(pick: number): void {
    const events = this.#told[pick % Math.max(1, this.#told.length)]
    if (events) this.#publish(events)
  }

  /** Loses what still waits, and holds nothing back until `hold`. */
  release(): void {
    this.#waiting.length = 0
    this.#isHeld = false
  }

  hold(): void {
    this.#isHeld = true
  }

  #tell(events: Published): void {
    this.#told.push(events)
    this.#publish(events)
  }
}

/** A device that comes and goes, and judges what it is told. */
class Device {
  readonly person: Person
  readonly wrong: string[] = []
  readonly follower: Follower
  #session: Session | undefined

  constructor(person: Person) {
    this.person = person
    this.follower = new Follower(person.id, {
      onFetch: (roomId, filling) => void this.#fill(roomId, filling),
      onViolation: (what) => this.wrong.push(what),
      onNote: () => {},
    })
  }

  get isReady(): boolean {
    return this.#session?.isReady ?? false
  }

  connect(): void {
    if (this.#session) return
    const resume = this.follower.begin()
    const session: Session = new Session({
      address: onLoopback(Number(new URL(this.person.baseUrl).port)),
      token: this.person.token ?? '',
      hello: resume ? { resume } : {},
      events: {
        onFrame: (frame) => this.#session === session && this.#onFrame(frame),
        onStrange: (text) => this.wrong.push(`a strange frame: ${text.slice(0, 200)}`),
        onClose: () => {
          if (this.#session === session) this.#session = undefined
        },
      },
    })
    this.#session = session
  }

  drop(): void {
    const session = this.#session
    this.#session = undefined
    session?.cut()
  }

  #onFrame(frame: ServerFrame): void {
    if (frame.kind === 'event') this.follower.onEvent(frame.event)
    else if (frame.kind === 'signal') this.follower.onSignal(frame.signal)
    else if (frame.kind === 'resync') this.follower.onResync(frame.topic, frame.seq)
    else if (frame.kind === 'ready') this.follower.onReady(frame.ready)
  }

  async #fill(roomId: number, filling: Filling): Promise<void> {
    const read = async (path: string) => {
      const { status, body } = await this.person.get(path)
      return status === 200 ? body : undefined
    }
    const room = await fetchRoom(read, roomId).catch(() => undefined)
    // Who was removed meanwhile is told so by an event.
    if (room) this.follower.fill(room, filling)
  }
}

/** What is true: who is in the room, and what was said in it. */
class ModelRoom {
  readonly id: number
  readonly members: Set<number>
  readonly texts: string[] = []

  constructor(id: number, members: readonly number[]) {
    this.id = id
    this.members = new Set(members)
  }
}

const person = fc.nat({ max: 2 })
const pick = fc.nat()

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const), person, room: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), person, room: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), person, room: fc.nat({ max: 1 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lose' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('drop' as const), person }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('connect' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('check' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const server = await startTestServer()
const { realtime } = server.core.services
const bus = new UnreliableBus(realtime)

/** The owner is in every room and does what needs an admin; the others come and go. */
const [owner, ...others] = await server.people('owner', 'ada', 'bob', 'cyd')

class Run {
  readonly devices = others.map((one) => new Device(one))
  readonly rooms: readonly ModelRoom[]
  #count = 0

  constructor(ids: readonly number[]) {
    this.rooms = ids.map((id) => new ModelRoom(id, [owner.id, ...others.slice(0, 2).map((one) => one.id)]))
  }

  async take(one: Step): Promise<void> {
    if (one.kind === 'deliver') bus.deliver(one.pick)
    else if (one.kind === 'lose') bus.lose(one.pick)
    else if (one.kind === 'repeat') bus.repeat(one.pick)
    else if (one.kind === 'check') await realtime.hub.checkPositions()
    else await this.#act(one)
  }

  async #act(one: Extract<Step, { person: number }>): Promise<void> {
    const device = this.devices[one.person]
    const room = 'room' in one ? this.rooms[one.room] : undefined
    if (!device) return
    if (one.kind === 'drop') device.drop()
    else if (one.kind === 'connect') device.connect()
    else if (one.kind === 'wait') await this.#untilReady(device)
    else if (room && one.kind === 'send') await this.#send(device.person, room)
    else if (room && one.kind === 'remove') await this.#remove(device.person, room)
    else if (room) await this.#add(device.person, room)
  }

  async #untilReady(device: Device): Promise<void> {
    device.connect()
    await vi.waitFor(() => expect(device.isReady).toBe(true), { timeout: 10_000, interval: 2 })
  }

  async #send(sender: Person, room: ModelRoom): Promise<void> {
    this.#count += 1
    const content = `text ${this.#count}`
    const { status } = await sender.post(`/api/chatrooms/${room.id}/messages/`, { content })
    expect(status).toBe(room.members.has(sender.id) ? 201 : 404)
    if (status === 201) room.texts.push(content)
  }

  async #remove({ id }: Person, room: ModelRoom): Promise<void> {
    if (!room.members.delete(id)) return
    expect((await owner.post(`/api/chatrooms/${room.id}/remove_member/`, { user_id: id })).status).toBe(200)
  }

  async #add({ id }: Person, room: ModelRoom): Promise<void> {
    if (room.members.has(id)) return
    room.members.add(id)
    expect((await owner.post(`/api/chatrooms/${room.id}/add_members/`, { users: [id] })).status).toBe(200)
  }

  /** Lets everybody hear of everything, and holds what they know against what is true. */
  async settle(): Promise<void> {
    bus.release()
    for (const device of this.devices) await this.#untilReady(device)
    await realtime.hub.checkPositions()
    for (const device of this.devices) {
      await vi.waitFor(() => expect(this.#known(device)).toEqual(this.#truth(device.person)), { timeout: 10_000 })
      expect(device.wrong).toEqual([])
    }
  }

  #known({ follower }: Device) {
    const ids = new Set(this.rooms.map((room) => room.id))
    return follower.rooms
      .filter((room) => ids.has(room.id))
      .sort((one, other) => one.id - other.id)
      .map(({ id, members, messages }) => ({
        id,
        members: [...members.keys()].sort((one, other) => one - other),
        texts: [...messages.values()].sort((one, other) => one.no - other.no).map(({ content }) => content),
      }))
  }

  #truth({ id: who }: Person) {
    return this.rooms
      .filter((room) => room.members.has(who))
      .map(({ id, members, texts }) => ({ id, members: [...members].sort((one, other) => one - other), texts }))
  }
}

async function makeRooms(): Promise<number[]> {
  const members = others.slice(0, 2)
  return [(await server.group(owner, members)).id, (await server.group(owner, members)).id]
}

test('whatever is lost, repeated or reordered, and whenever one is removed, added, cut off or resumes: all of it, in order, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const run = new Run(await makeRooms())
      bus.hold()
      try {
        for (const one of steps) await run.take(one)
        await run.settle()
      } finally {
        for (const device of run.devices) device.drop()
        for (const { id } of run.rooms) await owner.delete(`/api/chatrooms/${id}/`)
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
}, 300_000)
