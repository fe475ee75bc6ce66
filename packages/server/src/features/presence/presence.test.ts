import { PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { greetGateway } from '../../realtime/testing.ts'

let server: TestServer
let ada: Person
let bob: Person
let room: number

beforeAll(async () => {
  server = await startTestServer({ PRESENCE_GRACE_SECONDS: '1' })
})

beforeEach(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
})

const tellsOf =
  (person: Person, status?: string) =>
  ({ type, data }: Frame) =>
    type === 'presence' &&
    Reflect.get(Object(data), 'user_id') === person.id &&
    (status === undefined || Reflect.get(Object(data), 'status') === status)

const start = async (person: Person) => (await greetGateway(server, person)).socket

async function command(socket: TestSocket, type: string, data: object): Promise<Frame> {
  const ref = `${type} ${Math.random()}`
  socket.send({ type, ref, ...data })
  return socket.nextWhere((frame) => frame.ref === ref)
}

const seen = (viewer: Person, id: number) =>
  viewer
    .get(`/api/chatrooms/${room}/`)
    .then(({ body }) => body.participants.find((participant: { id: number }) => participant.id === id))

test('watching tells the presence of people now, and then as it changes', async () => {
  const adas = await start(ada)

  const first = await command(adas, 'presence.watch', { users: [bob.id, bob.id] })
  const bobs = await start(bob)
  const arrived = await adas.nextWhere((frame) => frame.type === 'presence')
  await command(bobs, 'presence.set', { status: 'dnd' })
  const changed = await adas.nextWhere((frame) => Reflect.get(Object(frame.data), 'status') === 'dnd')
  await bobs.close()
  const left = await adas.nextWhere((frame) => Reflect.get(Object(frame.data), 'status') === 'offline')

  expect(first).toMatchObject({
    type: 'ack',
    data: { people: [{ user_id: bob.id, online_status: false, status: 'offline' }] },
  })
  expect(arrived).toMatchObject({ data: { user_id: bob.id, online_status: true, status: 'online' } })
  expect(changed).toMatchObject({ data: { user_id: bob.id, online_status: true } })
  expect(left).toMatchObject({ data: { online_status: false, last_seen: expect.any(String) } })
})

test('who hides their presence is seen leaving, and coming when they show it again', async () => {
  const [adas, bobs] = [await start(ada), await start(bob)]
  const [cyd] = await server.people('cyd')
  const cyds = await start(cyd)
  await command(adas, 'presence.watch', { users: [bob.id] })

  await bob.patch('/api/profile/', { presence_visibility: 'nobody' })
  const hidden = await adas.nextWhere(tellsOf(bob, 'offline'))
  await bob.patch('/api/profile/', { presence_visibility: 'everyone' })
  const shown = await adas.nextWhere(tellsOf(bob, 'online'))

  expect(hidden).toMatchObject({ data: { online_status: false, last_seen: null } })
  expect(shown).toMatchObject({ data: { online_status: true } })
  await cyds.ping()
  expect(cyds.pending().filter(({ type }) => type === 'presence')).toEqual([])
  expect(bobs.isOpen).toBe(true)
})

test('who deletes their account is seen leaving', async () => {
  const [adas] = [await start(ada), await start(bob)]
  await command(adas, 'presence.watch', { users: [bob.id] })

  await bob.delete('/api/profile/', { current_password: PASSWORD })

  const told = await adas.nextWhere((frame) => Reflect.get(Object(frame.data), 'status') === 'offline')
  expect(told).toMatchObject({ data: { user_id: bob.id, online_status: false, last_seen: null } })
})

test('who watches somebody is told of their new name and picture, and of nothing else in their profile', async () => {
  const [adas, another] = [await start(ada), await start(ada)]
  await command(adas, 'presence.watch', { users: [bob.id] })

  await bob.patch('/api/profile/', { bio: 'Something else' })
  await bob.patch('/api/profile/', { first_name: 'Robert' })
  await bob.patch('/api/profile/', { first_name: 'Robert', last_name: 'Baker' })

  const { username } = bob
  const named = (full_name: string) => ({
    type: 'person',
    data: { user: { id: bob.id, username, full_name, profile_pic: null } },
  })
  expect([await adas.next('person'), await adas.next('person')]).toEqual([named('Robert'), named('Robert Baker')])
  await another.ping()
  expect(another.pending().filter(({ type }) => type === 'person')).toEqual([])
})

test('a restart is no absence: of who comes back nobody is told, and who does not is offline after a while', async () => {
  const before = await startTestServer({ PRESENCE_GRACE_SECONDS: '5' })
  const [one, two, three] = await before.people('ada', 'bob', 'cyd')
  const { id } = await before.group(one, [two, three])
  for (const person of [one, two, three]) await (await person.connect('/ws/sidebar/')).ping()
  await before.close()

  const after = await before.node()
  const [adas, bobs, cyds] = [after.as(one), after.as(two), after.as(three)]
  const socket = await adas.connect('/ws/')
  socket.send({ type: 'hello' })
  await socket.next('ready')
  const { body } = await adas.get(`/api/chatrooms/${id}/`)
  const { data } = await command(socket, 'presence.watch', { users: [bobs.id, cyds.id] })
  const back = await bobs.connect('/ws/')
  back.send({ type: 'hello' })
  await back.next('ready')
  await command(back, 'presence.set', { status: 'dnd' })
  const told = await socket.nextWhere((frame) => frame.type === 'presence')
  const isOfCyd = ({ data }: Frame) => Reflect.get(Object(data), 'user_id') === cyds.id
  const gone = await socket.nextWhere(isOfCyd, 30_000)

  expect(body.participants.map((member: { online_status: boolean }) => member.online_status)).toEqual([
    true,
    true,
    true,
  ])
  expect(data).toMatchObject({ people: [{ online_status: true }, { online_status: true }] })
  expect(told).toMatchObject({ data: { user_id: bobs.id, status: 'dnd' } })
  expect(gone).toMatchObject({ type: 'presence', data: { online_status: false, last_seen: expect.any(String) } })
})

test('who is invisible seems offline to everyone else, everywhere, and is told at once', async () => {
  const bobs = await start(bob)
  const adas = await start(ada)
  await command(adas, 'presence.watch', { users: [bob.id] })

  await command(bobs, 'presence.set', { status: 'invisible' })

  // That he came may be told only now.
  const isOffline = (frame: Frame) =>
    frame.type === 'presence' && Reflect.get(Object(frame.data), 'online_status') === false
  expect(await adas.nextWhere(isOffline)).toMatchObject({
    data: { user_id: bob.id, online_status: false, status: 'offline', last_seen: null },
  })
  expect(await seen(ada, bob.id)).toMatchObject({ online_status: false, last_seen: null })
  expect((await command(adas, 'presence.watch', { users: [bob.id] })).data).toMatchObject({
    people: [{ online_status: false }],
  })
  await command(bobs, 'presence.set', { status: 'online' })
  expect(await adas.nextWhere((frame) => frame.type === 'presence')).toMatchObject({ data: { online_status: true } })
})

test('strangers and those who were blocked learn nothing, however they ask', async () => {
  const [eve, dan] = await server.people('eve', 'dan')
  await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [dan.id] })
  await bob.post(`/api/users/${dan.id}/block/`)
  const sockets = [await start(eve), await start(dan)]
  for (const socket of sockets) {
    expect((await command(socket, 'presence.watch', { users: [bob.id] })).data).toMatchObject({
      people: [{ online_status: false, last_seen: null }],
    })
  }
  const adas = await start(ada)
  await command(adas, 'presence.watch', { users: [bob.id] })

  const bobs = await start(bob)
  await adas.nextWhere((frame) => frame.type === 'presence')
  await command(bobs, 'presence.set', { status: 'away' })
  await adas.nextWhere((frame) => Reflect.get(Object(frame.data), 'status') === 'away')

  for (const socket of sockets) {
    await socket.ping()
    const ofBob = (frame: Frame) => Reflect.get(Object(frame.data), 'user_id') === bob.id
    expect(socket.pending().filter((frame) => frame.type === 'presence' && ofBob(frame))).toEqual([])
  }
})

test('a status that is none, and more people than may be watched, are refused', async () => {
  const adas = await start(ada)

  expect(await command(adas, 'presence.set', { status: 'asleep' })).toMatchObject({
    code: 'invalid',
    fields: { status: [expect.stringContaining('is not a valid choice')] },
  })
  const users = Array.from({ length: 501 }, (_, index) => index + 1)
  expect(await command(adas, 'presence.watch', { users })).toMatchObject({ code: 'invalid' })
})

describe('while it takes long to find out who may know of somebody', () => {
  const HELD = 77

  /** Of those who ask from now on the first, or another one, has looked already and is not answered until it is released. */
  async function hold(which = 1): Promise<{ release: () => Promise<unknown> }> {
    const holder = await server.database.pool.connect()
    onTestFinished(async () => {
      await holder.query('SELECT pg_advisory_unlock_all()')
      holder.release()
    })
    await holder.query('SELECT pg_advisory_lock($1)', [HELD])
    await holder.query(`
      CREATE SEQUENCE IF NOT EXISTS presence_asked;
      ALTER SEQUENCE presence_asked RESTART;
      CREATE OR REPLACE FUNCTION shows_presence(visibility text, status text) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('presence_asked') = ${which} THEN PERFORM pg_advisory_xact_lock(${HELD}); END IF;
        RETURN visibility = 'everyone' AND status <> 'invisible';
      END $$`)
    return { release: () => holder.query('SELECT pg_advisory_unlock($1)', [HELD]) }
  }

  const untilAsked = () =>
    vi.waitFor(async () => {
      const { rows } = await server.database.pool.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        [HELD],
      )
      expect(rows).toHaveLength(1)
    }, 10_000)

  test('who hides is not told to be here once more', async () => {
    const cyd = await server.person('cyd')
    await server.befriend(ada, cyd)
    const [adas, bobs, cyds] = [await start(ada), await start(bob), await start(cyd)]
    await adas.nextWhere(tellsOf(cyd, 'online'))

    const { release } = await hold()
    await command(bobs, 'presence.set', { status: 'dnd' })
    await untilAsked()
    await bob.patch('/api/profile/', { presence_visibility: 'nobody' })
    await adas.nextWhere(tellsOf(bob, 'offline'))
    await release()

    await command(cyds, 'presence.set', { status: 'away' })
    const next = await adas.nextWhere((frame) => tellsOf(bob)(frame) || tellsOf(cyd, 'away')(frame))
    expect(next.data).toMatchObject({ user_id: cyd.id })
  })

  test('who hides is not told to be here once more to those who watch', async () => {
    const cyd = await server.person('cyd')
    await server.befriend(ada, cyd)
    const [adas, bobs, cyds] = [await start(ada), await start(bob), await start(cyd)]
    await adas.nextWhere(tellsOf(cyd, 'online'))
    await command(adas, 'presence.watch', { users: [bob.id, cyd.id] })

    // First it is asked who is a friend or in a room, and then who watches.
    const { release } = await hold(2)
    await command(bobs, 'presence.set', { status: 'dnd' })
    await untilAsked()
    await adas.nextWhere(tellsOf(bob, 'dnd'))
    await bob.patch('/api/profile/', { presence_visibility: 'nobody' })
    for (const _way of ['as a friend', 'as one who watches']) await adas.nextWhere(tellsOf(bob, 'offline'))
    await release()

    await command(cyds, 'presence.set', { status: 'away' })
    for (const _way of ['as a friend', 'as one who watches']) {
      const next = await adas.nextWhere((frame) => tellsOf(bob)(frame) || tellsOf(cyd, 'away')(frame))
      expect(next.data).toMatchObject({ user_id: cyd.id })
    }
  })

  test('what is true later is told later', async () => {
    const cyd = await server.person('cyd')
    const [adas, bobs] = [await start(ada), await start(bob)]
    await adas.nextWhere(tellsOf(bob, 'online'))

    const { release } = await hold()
    await command(bobs, 'presence.set', { status: 'dnd' })
    await untilAsked()
    const rounds = vi.fn()
    server.core.services.realtime.onNotice('presence.changed', rounds)
    await command(bobs, 'presence.set', { status: 'away' })
    // What is told of sockets is in the same round, and waits for nothing.
    await start(cyd)
    await vi.waitFor(() => expect(rounds).toHaveBeenCalled(), 10_000)
    await seen(ada, bob.id)
    await release()

    expect((await adas.nextWhere(tellsOf(bob))).data).toMatchObject({ status: 'dnd' })
    expect((await adas.nextWhere(tellsOf(bob))).data).toMatchObject({ status: 'away' })
  })

  test('what is true later is told later to those who watch, too', async () => {
    const [adas, bobs] = [await start(ada), await start(bob)]
    await adas.nextWhere(tellsOf(bob, 'online'))
    await command(adas, 'presence.watch', { users: [bob.id] })

    const { release } = await hold(2)
    await command(bobs, 'presence.set', { status: 'dnd' })
    await untilAsked()
    await adas.nextWhere(tellsOf(bob, 'dnd'))
    await command(bobs, 'presence.set', { status: 'away' })
    await adas.nextWhere(tellsOf(bob, 'away'))
    await seen(ada, bob.id)
    await release()

    expect((await adas.nextWhere(tellsOf(bob))).data).toMatchObject({ status: 'dnd' })
    expect((await adas.nextWhere(tellsOf(bob))).data).toMatchObject({ status: 'away' })
  })
})
