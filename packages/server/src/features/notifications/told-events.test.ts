import { untilLockAwaited } from '@confab/testkit/lock-waits'
import { type Person, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { inTransaction, makeCtx } from '../../ctx.ts'
import { markAllRead, markRead } from './service.ts'
import { listenTo, tellBySystem } from './testing.ts'

const server = await startTestServer()

const tell = (person: Person, ...texts: string[]) => tellBySystem(server, person, ...texts)
const list = async (person: Person, path = '') => (await person.get(`/api/notifications/${path}`)).body

test('every device hears of what was read, reopened and deleted on another, and of how much is unread', async () => {
  const ada = await server.person()
  await tell(ada, 'one', 'two', 'three')
  const [three, two] = await list(ada)
  const heard = await listenTo(server, ada)

  for (const _ of [1, 2]) await ada.post(`/api/notifications/${three.id}/mark_read/`)
  await ada.patch(`/api/notifications/${three.id}/`, { is_read: false })
  await ada.patch(`/api/notifications/${three.id}/`, { is_read: true })
  await ada.delete(`/api/notifications/${two.id}/`)
  for (const _ of [1, 2]) await ada.post('/api/notifications/mark_all_read/')

  const events = [
    { type: 'notification.read', data: { ids: [three.id], unread_count: 2 } },
    { type: 'notification.reopened', data: { notifications: [three], unread_count: 3 } },
    { type: 'notification.read', data: { ids: [three.id], unread_count: 2 } },
    { type: 'notification.deleted', data: { id: two.id, unread_count: 1 } },
    { type: 'notification.read', data: { all: true, unread_count: 0 } },
  ]
  const first = heard[0]?.seq ?? 0
  expect(heard).toEqual(events.map((event, index) => ({ ...event, seq: first + index })))
})

test('what is told again is as it is by then, without what is gone', async () => {
  const ada = await server.person()
  const topic = `user:${ada.id}` as const
  const { realtime } = server.core.services
  const after = await realtime.readPosition(topic)
  await tell(ada, 'one', 'two', 'three')
  const [three, two, one] = await list(ada)
  await ada.delete(`/api/notifications/${two.id}/`)
  await ada.post('/api/notifications/mark_all_read/')
  await ada.patch(`/api/notifications/${three.id}/`, { is_read: false })
  await ada.delete(`/api/notifications/${three.id}/`)

  const told = await realtime.readEvents(topic, after, 100)

  expect(told.map(({ seq, type, data }) => ({ seq: seq - after, type, data }))).toEqual([
    { seq: 1, type: 'notification.created', data: { notifications: [{ ...one, is_read: true }] } },
    { seq: 2, type: 'notification.created', data: { notifications: [] } },
    { seq: 3, type: 'notification.created', data: { notifications: [] } },
    { seq: 4, type: 'notification.deleted', data: { id: two.id, unread_count: 2 } },
    { seq: 5, type: 'notification.read', data: { all: true, unread_count: 0 } },
    { seq: 6, type: 'notification.reopened', data: { notifications: [], unread_count: 1 } },
    { seq: 7, type: 'notification.deleted', data: { id: three.id, unread_count: 0 } },
  ])
})

test('everybody has their own topic from the beginning, however they came', async () => {
  const ada = await server.person()
  const { rows } = await server.database.pool.query(
    `INSERT INTO users (username, password_hash) SELECT 'brought_along_' || i, '' FROM generate_series(1, 3) i RETURNING id`,
  )
  const ids = [ada.id, ...rows.map(({ id }) => Number(id))]
  const positions = await server.database.pool.query('SELECT FROM user_positions WHERE user_id = ANY ($1)', [ids])
  expect(positions.rowCount).toBe(4)
})

test('of changes at the same time each counts those before it', async () => {
  const ada = await server.person()
  await tell(ada, 'one', 'two')
  const [, one] = await list(ada)
  const heard = await listenTo(server, ada)
  const ctx = makeCtx(server.core, { id: ada.id, username: ada.username, isStaff: false, sessionId: 0 }, server.url)
  const commit = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  const transaction: typeof ctx.transaction = (change) =>
    inTransaction(server.core, async (tx) => {
      const result = await change(tx)
      done.resolve()
      await commit.promise
      return result
    })

  const first = markRead({ ...ctx, transaction }, one.id)
  await done.promise
  const rest = [tell(ada, 'three'), markAllRead(ctx)]
  await untilLockAwaited(server.database.pool, 2)
  commit.resolve()
  await Promise.all([first, ...rest])

  const [read, ...others] = heard
  expect(read?.data).toEqual({ ids: [one.id], unread_count: 1 })
  // Whichever of them was first: what came after all was marked as read is unread.
  const isCreatedFirst = others[0]?.type === 'notification.created'
  expect(others.map(({ type }) => type).toSorted()).toEqual(['notification.created', 'notification.read'])
  expect(others.find(({ type }) => type === 'notification.read')?.data).toEqual({ all: true, unread_count: 0 })
  expect(await list(ada, 'unread/')).toMatchObject(isCreatedFirst ? [] : [{ message: 'three' }])
})
