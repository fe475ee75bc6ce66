import { expectStatus, type Person, startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { inTransaction } from '../../ctx.ts'
import { lockUserTopic } from '../../realtime/log.ts'
import { Announcer } from './announcer.ts'

const server = await startTestServer()
const { core } = server
const db = server.database.kysely

let root: Person
let people: readonly Person[]

beforeAll(async () => {
  // Those of the tests do its work.
  await core.services.announcer.stop()
  root = await server.person('staff')
  await sql`UPDATE users SET is_staff = true WHERE id = ${root.id}`.execute(db)
})

beforeEach(async () => {
  people = await server.people('ada', 'bob', 'cyd', 'dan', 'eve')
})

const announcer = () => new Announcer(core, { peopleAtOnce: 2 })

async function announce(message: string): Promise<void> {
  expectStatus(await root.post('/api/notifications/', { message }), 201)
}

async function textsOf(person: Person): Promise<string[]> {
  const { body } = await person.get('/api/notifications/?search=system')
  return body.map((one: { message: string }) => one.message)
}

/** How many of the people have been told so. */
async function countTold(message: string): Promise<number> {
  return (await Promise.all(people.map(textsOf))).flat().filter((text) => text === message).length
}

test('whoever announces something has it at once, and the others when they are told', async () => {
  await announce('hello')
  expect(await textsOf(root)).toContain('hello')
  expect(await countTold('hello')).toBe(0)

  await announcer().tellAll()

  for (const person of [root, ...people])
    expect((await textsOf(person)).filter((text) => text === 'hello')).toEqual(['hello'])
})

test('what one server leaves off another goes on with, each told once, and nobody who came since', async () => {
  await announce('again')
  const first = announcer()
  const telling = first.tellAll()
  await first.stop()
  await telling
  expect(await countTold('again')).toBeLessThan(people.length)
  const late = await server.person('late')

  await announcer().tellAll()

  for (const person of people) expect(await textsOf(person)).toEqual(['again'])
  expect(await textsOf(late)).toEqual([])
})

test('of several servers each announcement is told by one, to everyone once', async () => {
  const messages = ['one', 'two', 'three']
  for (const message of messages) await announce(message)

  await Promise.all([announcer().tellAll(), announcer().tellAll(), announcer().tellAll()])

  await vi.waitFor(async () => {
    for (const person of people) expect((await textsOf(person)).toSorted()).toEqual(messages.toSorted())
  }, 10_000)
})

test('those who are told wait for nobody who is told later', async () => {
  await announce('slowly')
  const last = people.at(-1)
  let telling: Promise<void> | undefined

  await inTransaction(core, async (tx) => {
    await lockUserTopic(tx, last?.id ?? 0)
    telling = announcer().tellAll()
    await vi.waitFor(async () => expect(await countTold('slowly')).toBeGreaterThanOrEqual(3), 10_000)
    for (const person of people.slice(0, 3)) {
      expect((await person.post('/api/notifications/mark_all_read/')).status).toBe(204)
    }
  })
  await telling

  expect(await countTold('slowly')).toBe(people.length)
})
