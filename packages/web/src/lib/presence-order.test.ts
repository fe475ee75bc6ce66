import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byPresence } from './presence-order.ts'

const { compare } = new Intl.Collator('en', { sensitivity: 'base' })
const person = fc.record({ id: fc.nat(), name: fc.string() })

test('those who are there come first, and each part is by name', () => {
  const people = [
    { id: 1, name: 'zoe' },
    { id: 2, name: 'Ada' },
    { id: 3, name: 'bob' },
    { id: 4, name: 'Cleo' },
  ]
  const isOnline = (id: number) => id === 1 || id === 4
  const order = byPresence(people, { isOnline, nameOf: ({ name }) => name, compare })
  expect(order.map(({ name }) => name)).toEqual(['Cleo', 'zoe', 'Ada', 'bob'])
})

test('the order does not depend on where people were before, and nobody is lost', () => {
  fc.assert(
    fc.property(fc.uniqueArray(person, { selector: ({ id }) => id }), fc.func(fc.boolean()), (people, isOnline) => {
      const by = { isOnline, nameOf: ({ name }: { name: string }) => name, compare }
      const order = byPresence(people, by)
      expect(byPresence(people.toReversed(), by)).toEqual(order)
      expect(new Set(order)).toEqual(new Set(people))
    }),
  )
})
