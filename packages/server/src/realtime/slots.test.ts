import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Slots } from './slots.ts'

/** Tasks that run until they are ended by their number; `started` has those that began, in order. */
function runAll(slots: Slots, count: number) {
  const started: number[] = []
  const tasks = Array.from({ length: count }, () => Promise.withResolvers<number>())
  const results = tasks.map((task, index) =>
    slots.run(() => {
      started.push(index)
      return task.promise
    }),
  )
  return { started, tasks, results }
}

test('so many run at once, and each further one begins when one ends, in the order they came', async () => {
  const slots = new Slots(2)
  const { started, tasks, results } = runAll(slots, 4)
  await setImmediate()
  expect(started).toEqual([0, 1])
  expect(slots.waiting).toBe(2)

  tasks[1]?.resolve(1)
  await setImmediate()
  expect(started).toEqual([0, 1, 2])
  expect(slots.waiting).toBe(1)

  for (const [index, task] of tasks.entries()) task.resolve(index)
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3])
  expect(started).toEqual([0, 1, 2, 3])
})

test('one that fails says so to its caller alone, and frees its place', async () => {
  const slots = new Slots(1)
  const { started, tasks, results } = runAll(slots, 2)

  tasks[0]?.reject(new Error('broken'))
  await expect(results[0]).rejects.toThrow('broken')
  await setImmediate()
  expect(started).toEqual([0, 1])

  tasks[1]?.resolve(1)
  expect(await results[1]).toBe(1)
  const failing = slots.run(() => Promise.reject(new Error('nobody waits')))
  await expect(failing).rejects.toThrow('nobody waits')
  expect(await slots.run(async () => 'next')).toBe('next')
})

test('places that were handed on are not free twice', async () => {
  const slots = new Slots(1)
  const { tasks, results } = runAll(slots, 2)
  for (const task of tasks) task.resolve(0)
  await Promise.all(results)

  const { started } = runAll(slots, 2)
  await setImmediate()

  expect(started).toEqual([0])
})
