import { Store } from '@confab/client'
import { expect, test } from 'vitest'
import { createGuesses } from './guesses.ts'

const never = new Promise<never>(() => {})

test('what was guessed is shown until the model has it', async () => {
  const guesses = createGuesses<string>()
  const model = new Store('old')
  const done = guesses.run({
    key: 7,
    value: 'new',
    work: () => Promise.resolve(),
    model,
    isSo: (state) => state === 'new',
  })
  expect(guesses.get()).toEqual({ 7: 'new' })
  await Promise.resolve()
  expect(guesses.get()).toEqual({ 7: 'new' })
  model.set('new')
  await done
  expect(guesses.get()).toEqual({})
})

test('what the server refused is taken back, and the refusal handed on', async () => {
  const guesses = createGuesses<string>()
  const done = guesses.run({
    key: 'a',
    value: 'new',
    work: () => Promise.reject(new Error('refused')),
    model: new Store(0),
    isSo: () => false,
  })
  await expect(done).rejects.toThrow('refused')
  expect(guesses.get()).toEqual({})
})

test('a model that never hears of it does not keep the guess for ever', async () => {
  const guesses = createGuesses<string>(1)
  await guesses.run({ key: 'a', value: 'new', work: async () => {}, model: new Store(0), isSo: () => false })
  expect(guesses.get()).toEqual({})
})

test('a later guess about the same outlives an earlier one that ends', async () => {
  const guesses = createGuesses<string>()
  const model = new Store(0)
  const first = guesses.run({ key: 'a', value: 'first', work: async () => {}, model, isSo: () => true })
  void guesses.run({ key: 'a', value: 'second', work: () => never, model, isSo: () => true })
  await first
  expect(guesses.get()).toEqual({ a: 'second' })
})
