import type { EventFrame, Notification } from '@confab/client'
import { HttpClient } from '@confab/client/http'
import { Model } from '@confab/client/model'
import { NotificationsApi } from '@confab/client/notifications/api'
import type { RoomEntry } from '@confab/client/state'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const ME = 1
const ROOMS = [7, 8]

/** What is done, to which from the newest on, and in which room. */
const step = fc.record({
  kind: fc.constantFrom('create', 'create', 'create', 'readOne', 'readRoom', 'readAll', 'reopen', 'delete'),
  pick: fc.nat(5),
  room: fc.constantFrom(...ROOMS),
})
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

type Told = Extract<EventFrame, { type: `notification.${string}` }>

/** What a server has of somebody, oldest first, and what it has told of it. */
class Log {
  #items: readonly Notification[] = []
  #lastId = 0
  readonly told: Told[] = []
  /** How everything was after so many events. */
  readonly states: (readonly Notification[])[] = [[]]

  constructor(steps: readonly Step[]) {
    for (const one of steps) this.#take(one)
  }

  unreadAfter(seq: number): number {
    return this.states[seq]?.filter((one) => !one.is_read).length ?? 0
  }

  /** The events after one, as they are told at the end of all: as things are by then, without what is gone. */
  replay(after: number): Told[] {
    const last = this.states.at(-1) ?? []
    const asNow = (told: readonly Notification[]) => told.flatMap(({ id }) => last.find((one) => one.id === id) ?? [])
    return this.told.slice(after).map((frame): Told => {
      if (frame.type === 'notification.created') {
        return { ...frame, data: { notifications: asNow(frame.data.notifications) } }
      }
      if (frame.type !== 'notification.reopened') return frame
      return { ...frame, data: { ...frame.data, notifications: asNow(frame.data.notifications) } }
    })
  }

  #take({ kind, pick, room }: Step): void {
    const meant = this.#items.at(-1 - pick)
    if (kind === 'create') this.#create(1 + (pick % 3), room)
    else if (kind === 'readAll') this.#mark({ all: true }, () => true)
    else if (kind === 'readRoom') this.#readRoom(room, meant?.message_no ?? 0)
    else if (!meant) return
    else if (kind === 'readOne') this.#mark({ ids: [meant.id] }, ({ id }) => id === meant.id)
    else if (kind === 'delete') this.#delete(meant)
    else if (meant.is_read) this.#reopen(meant)
  }

  #create(count: number, room: number): void {
    const notifications = Array.from({ length: count }, () => makeNotification(++this.#lastId, room))
    this.#items = [...this.#items, ...notifications]
    this.#tell((place) => ({ ...place, type: 'notification.created', data: { notifications } }))
  }

  #readRoom(room: number, upTo: number): void {
    this.#mark({ room_id: room, up_to: upTo }, (one) => one.room_id === room && (one.message_no ?? 0) <= upTo)
  }

  #delete(meant: Notification): void {
    this.#items = this.#items.filter((one) => one !== meant)
    this.#tell((place, unread_count) => ({
      ...place,
      type: 'notification.deleted',
      data: { id: meant.id, unread_count },
    }))
  }

  #reopen(meant: Notification): void {
    const opened = { ...meant, is_read: false }
    this.#items = this.#items.map((one) => (one === meant ? opened : one))
    this.#tell((place, unread_count) => ({
      ...place,
      type: 'notification.reopened',
      data: { notifications: [opened], unread_count },
    }))
  }

  #mark(marks: { ids?: number[]; room_id?: number; up_to?: number; all?: boolean }, isMeant: IsMeant): void {
    this.#items = this.#items.map((one) => (isMeant(one) ? { ...one, is_read: true } : one))
    this.#tell((place, unread_count) => ({ ...place, type: 'notification.read', data: { ...marks, unread_count } }))
  }

  #tell(make: (place: { topic: string; seq: number }, unread: number) => Told): void {
    this.states.push(this.#items)
    this.told.push(make({ topic: `user:${ME}`, seq: this.told.length + 1 }, this.unreadAfter(this.told.length + 1)))
  }
}

type IsMeant = (one: Notification) => boolean

/** Every third mentions one. Its message has the number of its id. */
function makeNotification(id: number, room: number): Notification {
  return {
    id,
    sender: 'bob',
    message: `message ${id}`,
    chat_name: 'Tea party',
    timestamp: new Date(id * 1000).toISOString(),
    is_read: false,
    notification_type: id % 3 === 0 ? 'mention' : 'new_message',
    room_id: room,
    message_id: id,
    message_no: id,
    friend_request: null,
  }
}

/** A client's model that knows how many are unread after so many events. */
function modelAt(log: Log, seq: number) {
  const model = new Model()
  model.reset(ME)
  model.store.update((state) => ({
    ...state,
    isReady: true,
    rooms: {
      byId: Object.fromEntries(ROOMS.map((id) => [id, entryOf(id, mentionsIn(log.states[seq] ?? [], id))])),
      order: ROOMS,
      next: null,
      isStale: false,
    },
    notifications: { ...state.notifications, unreadCount: log.unreadAfter(seq) },
  }))
  return model
}

const entryOf = (id: number, mentions: number): RoomEntry => ({
  id,
  chat_name: 'Tea party',
  group_image: null,
  is_group: true,
  peer_id: null,
  muted_until: null,
  active_at: '2026-07-01T12:00:00Z',
  last_message: null,
  unread_count: 0,
  read_no: 0,
  last_no: 0,
  mention_count: mentions,
  counted: [],
  recountedBy: undefined,
})

const mentionsIn = (items: readonly Notification[], room: number) =>
  items.filter((one) => one.room_id === room && one.notification_type === 'mention' && !one.is_read).length

/** Fetches the newest, as they were after so many events; what is told while that is under way is told by `meanwhile`. */
async function load(model: Model, options: { items: readonly Notification[]; size: number; meanwhile?: () => void }) {
  const { items, size, meanwhile } = options
  const fetch = async (): Promise<Response> => {
    meanwhile?.()
    const headers = new Headers(items.length > size ? { link: '<http://server/?cursor=older>; rel="next"' } : {})
    return new Response(JSON.stringify(items.toReversed().slice(0, size)), { headers })
  }
  await new NotificationsApi(new HttpClient({ url: 'http://server', fetch }), model).load()
}

/** What a model knows of them. */
function known({ state }: Model) {
  const { items, unreadCount, isStale } = state.notifications
  return { items, unreadCount, isStale }
}

const manySteps = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' })
const WHOLE = 1_000

/** An answer that knows already that a mention is deleted, which is then told to be unread again and deleted. */
const ANSWER_AHEAD: [Step[], number, number, number] = [
  [
    { kind: 'create', pick: 0, room: 7 },
    { kind: 'create', pick: 4, room: 7 },
    { kind: 'readAll', pick: 0, room: 7 },
    { kind: 'create', pick: 4, room: 7 },
    { kind: 'readRoom', pick: 0, room: 7 },
    { kind: 'reopen', pick: 2, room: 7 },
    { kind: 'delete', pick: 2, room: 7 },
    { kind: 'create', pick: 0, room: 7 },
    { kind: 'create', pick: 0, room: 7 },
  ],
  1_142_157_934,
  1_888_802_247,
  0,
]

describe('a list that was fetched', () => {
  test.each([
    ['whole', WHOLE],
    ['in part', 4],
  ])('%s while events were on their way is right after the last of them, and so are the counts', async (_, size) => {
    await fc.assert(
      fc.asyncProperty(manySteps, fc.nat(), fc.nat(), fc.nat(), async (steps, first, ahead, behind) => {
        const log = new Log(steps)
        const total = log.told.length
        const begun = first % (total + 1)
        const items = log.states[begun + (ahead % (total - begun + 1))] ?? []
        const ended = begun + (behind % (total - begun + 1))
        const model = modelAt(log, begun)
        const tell = (from: number, to: number) => {
          for (const one of log.told.slice(from, to)) model.apply(one)
        }

        await load(model, { items, size, meanwhile: () => tell(begun, ended) })
        tell(ended, total)

        const oldest = items.length > size ? (items.at(-size)?.id ?? 0) : 0
        const last = log.states.at(-1) ?? []
        expect(known(model).items.filter(({ id }) => id >= oldest)).toEqual(
          last.filter(({ id }) => id >= oldest).toReversed(),
        )
        expect(known(model)).toMatchObject({ unreadCount: log.unreadAfter(total), isStale: false })
        if (size !== WHOLE) return
        for (const room of ROOMS) expect(model.state.rooms.byId[room]?.mention_count).toBe(mentionsIn(last, room))
      }),
      { numRuns: 500, examples: [ANSWER_AHEAD] },
    )
  })

  test('is right after what was missed is told again as things are by then', async () => {
    await fc.assert(
      fc.asyncProperty(manySteps, fc.nat(), async (steps, missed) => {
        const log = new Log(steps)
        const total = log.told.length
        const left = missed % (total + 1)
        const model = modelAt(log, left)
        await load(model, { items: log.states[left] ?? [], size: WHOLE })

        for (const one of log.replay(left)) model.apply(one)

        const last = log.states.at(-1) ?? []
        expect(known(model)).toEqual({
          items: last.toReversed(),
          unreadCount: log.unreadAfter(total),
          isStale: false,
        })
      }),
      { numRuns: 500 },
    )
  })
})

describe('a list that is here', () => {
  const two = [makeNotification(1, 7), makeNotification(2, 7)]
  const edited = {
    id: 2,
    no: 2,
    room: 7,
    sender: { id: 2, username: 'bob' },
    content: 'edited',
    timestamp: '2026-07-01T12:00:00Z',
    image: null,
    thumbnail: null,
    image_width: null,
    image_height: null,
    read_statuses: [],
    edited_at: '2026-07-01T12:01:00Z',
    client_id: null,
  }
  const created = (...notifications: Notification[]): Told => {
    return { type: 'notification.created', topic: `user:${ME}`, seq: 1, data: { notifications } }
  }

  test('is not certain once something of a topic cannot be told, and one that nobody asked for is not looked at', async () => {
    const model = modelAt(new Log([]), 0)
    model.apply({ type: 'resync', topic: `user:${ME}`, seq: 3 })
    expect(known(model).isStale).toBe(false)
    for (const topic of [`user:${ME}`, 'room:7']) {
      await load(model, { items: two, size: WHOLE })
      expect(known(model).isStale).toBe(false)

      model.apply({ type: 'resync', topic, seq: 4 })
      expect(known(model).isStale).toBe(true)
    }
  })

  test('keeps the whole text of one that was fetched before its event, whose text is cut', async () => {
    const model = modelAt(new Log([]), 0)
    await load(model, { items: two, size: WHOLE })

    const cut = two.map((one) => ({ ...one, message: 'mess' }))
    model.apply({ type: 'notification.created', topic: `user:${ME}`, seq: 1, data: { notifications: cut } })

    expect(known(model).items).toEqual(two.toReversed())
    expect(known(model).unreadCount).toBe(2)
  })

  test('has as much as is unread once a room is gone, also of what was not here', async () => {
    const model = modelAt(new Log([]), 0)
    await load(model, { items: [makeNotification(1, 8), makeNotification(2, 7), makeNotification(3, 7)], size: 2 })
    const data = { room_id: 7, unread_count: 1 }
    model.apply({ type: 'notification.deleted', topic: `user:${ME}`, seq: 1, data })

    expect(known(model).items).toEqual([])
    expect(known(model).unreadCount).toBe(1)
    expect(model.state.rooms.byId[7]?.mention_count).toBe(0)
  })

  test('has nothing of a message that was deleted before it was told of', async () => {
    const model = modelAt(new Log([]), 0)
    await load(model, { items: two, size: WHOLE })
    const data = { room: 7, message_id: 3, no: 3, sender: { id: 2 } }
    model.apply({ type: 'message.deleted', topic: 'room:7', seq: 1, data })

    model.apply(created(makeNotification(3, 7), makeNotification(4, 7)))

    expect(known(model).items.map(({ id }) => id)).toEqual([4, 2, 1])
    expect(known(model).unreadCount).toBe(3)
    expect(model.state.rooms.byId[7]?.mention_count).toBe(0)
  })

  test('is fetched once more where a message was edited before it was told of', async () => {
    const model = modelAt(new Log([]), 0)
    await load(model, { items: two, size: WHOLE })
    model.apply({ type: 'message.updated', topic: 'room:7', seq: 1, data: { message: { ...edited, id: 3, no: 3 } } })
    expect(known(model).isStale).toBe(false)

    model.apply(created(makeNotification(3, 7)))

    expect(known(model).isStale).toBe(true)
  })

  test('has the name that a room got before it was told of', async () => {
    const model = modelAt(new Log([]), 0)
    await load(model, { items: two, size: WHOLE })
    model.apply({ type: 'room.updated', topic: 'room:7', seq: 1, data: { room: 7, name: 'Coffee' } })

    model.apply(created(makeNotification(3, 7)))

    expect(known(model).items[0]?.chat_name).toBe('Coffee')
  })

  test('that holds a message which was edited while it was fetched is fetched once more', async () => {
    const model = modelAt(new Log([]), 0)
    const data = { message: edited }
    const meanwhile = () => model.apply({ type: 'message.updated', topic: 'room:7', seq: 1, data })
    await load(model, { items: two, size: WHOLE, meanwhile })

    expect(known(model).isStale).toBe(true)
  })
})
