/** What a row measures: a server that speaks the contract, and the people that use it. */

/** Somebody who is logged in. */
export type Person = Readonly<{ id: number; token: string }>

/** A server under test. What is not on this machine or not ours cannot be watched or seeded. */
export type Subject = Readonly<{
  url: string
  /** The server's process. */
  pid?: number | undefined
  /** The database's main process. */
  databasePid?: number | undefined
  databaseUrl?: string | undefined
  /** So many different people; asked again, the same ones first. */
  people(count: number): Promise<readonly Person[]>
}>

/** The JSON body of a call that has to succeed. */
export async function call(
  subject: Pick<Subject, 'url'>,
  person: Person,
  path: string,
  body: unknown,
): Promise<unknown> {
  const response = await fetch(subject.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${path} was answered ${response.status} ${text}`)
  return JSON.parse(text)
}

/** Makes a room of these people, the first being its maker, and answers its id. Two people have a direct room. */
export async function makeRoom(subject: Subject, people: readonly Person[], name: string): Promise<number> {
  const [maker, ...others] = people
  if (!maker) throw new Error('a room needs people')
  const participants = others.map((person) => person.id)
  const body =
    others.length === 1 ? { participant_ids: participants } : { participant_ids: participants, room_name: name }
  const id: unknown = Object(await call(subject, maker, '/api/chatrooms/', body)).id
  if (typeof id !== 'number') throw new Error('the server did not say which room it made')
  return id
}

/** The nth of a list, beginning again at its end. */
export function nth<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new RangeError('an empty list has no members')
  return found
}

/** Runs work for each item, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<void>,
) {
  const entries = items.entries()
  const worker = async () => {
    for (const [index, item] of entries) await work(item, index)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
