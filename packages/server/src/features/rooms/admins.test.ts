import { type Person, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { toldIn } from './testing.ts'

const server = await startTestServer()

/** A group of three in which the first two are admins. */
async function twoAdmins() {
  const people = await server.people('alice', 'bob', 'carol')
  const [alice, bob, carol] = people
  const { id } = await server.group(alice, [bob, carol])
  await alice.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id })
  const demote = (by: Person, whom: { id: number }) =>
    by.post(`/api/chatrooms/${id}/remove_admin/`, { user_id: whom.id })
  const roleChanges = async () =>
    (await toldIn(server, id)).filter(({ type }) => type === 'member.role_changed').slice(1)
  return { alice, bob, carol, id, demote, roleChanges }
}

test('an admin is made a member like the others, which all are told once, and cannot do more than they can', async () => {
  const { alice, bob, carol, id, demote, roleChanges } = await twoAdmins()
  const carols = await carol.connect('/ws/')
  carols.send({ type: 'hello' })
  await carols.next('ready')

  const reply = await demote(alice, bob)
  const again = await demote(alice, bob)

  expect(reply).toMatchObject({ status: 200, body: { detail: `${bob.username} is no longer an admin.` } })
  expect(again).toMatchObject({ status: 400, body: { detail: 'User is not an admin.' } })
  const data = { room: id, user_id: bob.id, is_admin: false, changed_by: alice.id }
  expect((await carols.next('member.role_changed')).data).toEqual(data)
  expect(await roleChanges()).toMatchObject([{ data }])
  expect((await bob.patch(`/api/chatrooms/${id}/`, { room_name: 'Mine' })).status).toBe(403)
  expect((await bob.get(`/api/chatrooms/${id}/`)).body).toMatchObject({
    is_admin: false,
    member_count: 3,
    admins: [{ id: alice.id }],
  })
})

test('an admin gives up the role as long as there is another, and can be given it again', async () => {
  const { alice, bob, id, demote } = await twoAdmins()

  expect((await demote(alice, alice)).status).toBe(200)
  expect(await demote(bob, bob)).toMatchObject({ status: 400, body: { detail: 'Please assign a new admin first.' } })
  expect((await bob.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: alice.id })).status).toBe(200)
  expect((await demote(bob, bob)).status).toBe(200)
  expect((await bob.get(`/api/chatrooms/${id}/`)).body.admins).toEqual([{ id: alice.id }])
})

test.each([
  ['a member', (people: Group) => people.carol.id, 400, { detail: 'User is not an admin.' }],
  ['an outsider', (people: Group) => people.eve.id, 400, { detail: 'User is not a participant.' }],
  ['an unknown person', () => 99_999_999, 404, { detail: 'No User matches the given query.' }],
  ['nobody', () => null, 404, { detail: 'No User matches the given query.' }],
  ['a word', () => 'abc', 400, { user_id: ['A valid integer is required.'] }],
])('taking the role from %s is refused', async (_whom, choose, status, body) => {
  const [eve, group] = [await server.person('eve'), await twoAdmins()]

  const reply = await group.alice.post(`/api/chatrooms/${group.id}/remove_admin/`, {
    user_id: choose({ carol: group.carol, eve }),
  })

  expect(reply).toMatchObject({ status, body })
  expect(await group.roleChanges()).toEqual([])
})
type Group = { carol: Person; eve: Person }

test('who is no admin takes the role from nobody', async () => {
  const { bob, carol, demote } = await twoAdmins()

  expect(await demote(carol, bob)).toMatchObject({
    status: 403,
    body: { detail: 'You do not have permission to perform this action.' },
  })
})

test('of admins who take the role from each other at once, one keeps it', async () => {
  for (let round = 0; round < 5; round++) {
    const { alice, bob, carol, id, demote, roleChanges } = await twoAdmins()

    const replies = await Promise.all([demote(alice, bob), demote(bob, alice)])

    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 403])
    expect((await carol.get(`/api/chatrooms/${id}/`)).body.admins).toHaveLength(1)
    expect(await roleChanges()).toHaveLength(1)
  }
})

test('of admins who give the role up at once, or leave, one keeps it as long as somebody is there', async () => {
  for (let round = 0; round < 5; round++) {
    const { alice, bob, carol, id, demote } = await twoAdmins()

    const replies = await Promise.all([demote(alice, alice), bob.post(`/api/chatrooms/${id}/leave_room/`)])

    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400])
    expect((await carol.get(`/api/chatrooms/${id}/`)).body.admins).toHaveLength(1)
  }
})

test('the same admin, demoted eight times at once, is so once and told so once', async () => {
  const { alice, bob, demote, roleChanges } = await twoAdmins()

  const replies = await Promise.all(Array.from({ length: 8 }, () => demote(alice, bob)))

  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(400)])
  expect(await roleChanges()).toHaveLength(1)
})
