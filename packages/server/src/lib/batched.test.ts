import { expect, test } from 'vitest'
import { batched } from './batched.ts'

/** A load that answers when it is told to, and keeps what it was asked for. */
function makeLoad() {
  const asked: number[][] = []
  const answers: PromiseWithResolvers<string[]>[] = []
  const load = (keys: readonly number[]) => {
    const answer = Promise.withResolvers<string[]>()
    asked.push([...keys])
    answers.push(answer)
    return answer.promise
  }
  return { asked, answers, one: batched(load) }
}

test('what is asked for at the same time, or while a load is under way, is loaded together', async () => {
  const { asked, answers, one } = makeLoad()

  const first = Promise.all([one(1), one(2)])
  await expect.poll(() => asked).toEqual([[1, 2]])
  const second = Promise.all([one(3), one(3), one(4)])
  answers[0]?.resolve(['a', 'b'])
  expect(await first).toEqual(['a', 'b'])
  await expect
    .poll(() => asked)
    .toEqual([
      [1, 2],
      [3, 3, 4],
    ])
  answers[1]?.resolve(['c', 'c', 'd'])

  expect(await second).toEqual(['c', 'c', 'd'])
})

test('a load that fails fails all who waited for it, and nobody after them', async () => {
  const { asked, answers, one } = makeLoad()

  const failing = Promise.allSettled([one(1), one(2)])
  await expect.poll(() => asked).toHaveLength(1)
  const next = one(3)
  answers[0]?.reject(new Error('away'))
  expect((await failing).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
  await expect.poll(() => asked).toHaveLength(2)
  answers[1]?.resolve(['c'])

  expect(await next).toBe('c')
})

test('too few answers are a failure and not somebody else’s answer', async () => {
  const { asked, answers, one } = makeLoad()

  const failing = Promise.allSettled([one(1), one(2)])
  await expect.poll(() => asked).toHaveLength(1)
  answers[0]?.resolve(['a'])

  expect((await failing).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
})
