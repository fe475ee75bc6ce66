import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { type Ctx, inTransaction, makeCtx } from '../../ctx.ts'
import { markRead } from './service.ts'

const server = await startTestServer()

test('of two notifications that are read at the same time the last count knows both', async () => {
  const ada = await server.person('ada')
  const ids: number[] = []
  for (const message of ['one', 'two']) ids.push((await ada.post('/api/notifications/', { message })).body.id)
  const socket = await ada.connect('/ws/')
  socket.send({ type: 'hello' })
  await socket.next('ready')
  const { core } = server
  const ctx = makeCtx(core, { id: ada.id, username: ada.username, isStaff: false, sessionId: 0 }, server.url)
  const done = ids.map(() => Promise.withResolvers<void>())
  const bothDone = Promise.all(done.map(({ promise }) => promise))
  // Each has done all it does in its transaction before either commits.
  const reads = ids.map((id, index) => {
    const transaction: Ctx['transaction'] = (change) =>
      inTransaction(core, async (tx) => {
        const result = await change(tx)
        done[index]?.resolve()
        await bothDone
        return result
      })
    return markRead({ ...ctx, transaction }, id)
  })

  expect(await Promise.all(reads)).toEqual([true, true])

  const told = [await socket.next('notification.read'), await socket.next('notification.read')]
  expect(told.flatMap(({ data }) => Reflect.get(Object(data), 'ids')).toSorted((one, other) => one - other)).toEqual(
    ids,
  )
  expect(Reflect.get(Object(told[1]?.data), 'unread_count')).toBe(0)
})
