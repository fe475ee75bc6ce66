import { Api } from '@confab/testkit/api'
import { expect, test } from 'vitest'
import { readPidFile } from '../db/embedded/pid-file.ts'
import { UNREAD_COUNT } from '../db/unread-count.ts'
import { characters, friendships, groups } from './demo/community.ts'
import { seededRandom } from './demo/random.ts'
import { membersOf, writeScript } from './demo/script.ts'
import { playThread, readThreads } from './demo/threads.ts'
import { clusterOf, query, useCli } from './testing.ts'

const { preparedDataDir, run, serve } = useCli()

/** Filling takes about 7 s on two idle cores. */
const PATIENCE = 180_000

type Chat = { chat_name: string; group_image: string | null }

const usernames = new Set(characters.map(({ username }) => username))

test('all threads can be played in every version, by people of the demo alone, with nothing left open', async () => {
  const threads = await readThreads()
  const random = seededRandom(1)
  for (const thread of [...threads.values()].flat()) {
    for (const version of [0, 1, 2]) {
      const said = playThread(thread, version, ['maya', 'kenji'], random)
      expect(said.filter(({ speaker }) => !usernames.has(speaker))).toEqual([])
      expect(said.filter(({ text, edited }) => text === '' || /[{}|<]|=>/.test(text + (edited ?? '')))).toEqual([])
      expect(said.filter(({ kind, edited }) => (kind === 'edit') !== (edited !== undefined))).toEqual([])
      const mentioned = said.flatMap(({ text }) => [...text.matchAll(/@(\w+)/g)].map(([, name]) => name ?? ''))
      expect(mentioned.filter((name) => !usernames.has(name))).toEqual([])
    }
  }
})

test('the history is the same for the same seed and time, in the past, and of the members of each room', async () => {
  const threads = await readThreads()
  const now = Date.parse('2026-11-22T12:00:00Z')
  const script = writeScript(threads, seededRandom(7), now)
  expect(writeScript(threads, seededRandom(7), now)).toEqual(script)
  expect(writeScript(threads, seededRandom(8), now)).not.toEqual(script)
  for (const { room, messages, reads } of script) {
    expect(messages).toHaveLength(room.messages)
    const members = membersOf(room)
    expect(messages.filter(({ sender }) => !members.includes(sender))).toEqual([])
    const times = messages.map(({ at }) => at)
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other))
    expect(Math.max(0, ...times, ...reads.map(({ at }) => at))).toBeLessThan(now)
    expect(reads.filter(({ upTo, at }) => at <= (messages[upTo]?.at ?? Number.POSITIVE_INFINITY))).toEqual([])
  }
})

/** What must be true of every database, whatever was done to it: each finds what breaks a promise. */
const broken = {
  'messages out of their order in time': `
    SELECT id FROM (
      SELECT id, no, created_at, lag(created_at) OVER w AS before, row_number() OVER w AS place
      FROM messages WINDOW w AS (PARTITION BY room_id ORDER BY id)
    ) m WHERE created_at <= before OR no <> place`,
  'rooms that do not know their last message': `
    SELECT id FROM rooms r WHERE (message_no, last_message_at, active_at, last_message_id) IS DISTINCT FROM (
      SELECT (count(*), max(created_at), coalesce(max(created_at), r.created_at),
        max(id) FILTER (WHERE deleted_at IS NULL))::record FROM messages WHERE room_id = r.id)`,
  'logs with gaps or steps back in time': `
    SELECT seq FROM (
      SELECT e.*, row_number() OVER w AS place, lag(e.created_at) OVER w AS before, r.event_seq, count(*) OVER (
        PARTITION BY room_id) AS total
      FROM room_events e JOIN rooms r ON r.id = e.room_id WINDOW w AS (PARTITION BY room_id ORDER BY seq)
    ) e WHERE seq <> place OR created_at < before OR event_seq <> total OR created_at > now()
    UNION ALL
    SELECT seq FROM (
      SELECT e.*, row_number() OVER w AS place, lag(created_at) OVER w AS before
      FROM user_events e WINDOW w AS (PARTITION BY user_id ORDER BY seq)
    ) e WHERE seq <> place OR created_at < before OR created_at > now()`,
  'unread counts that are not what is unread': `
    SELECT m.user_id FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE ${UNREAD_COUNT} <> (
      SELECT count(*) FROM messages WHERE room_id = m.room_id AND no > m.read_no AND sender_id <> m.user_id
        AND deleted_at IS NULL)`,
  'reads before the message, or by nobody of the room': `
    SELECT c.id FROM read_receipts c JOIN messages m ON m.room_id = c.room_id AND m.no = c.up_to_no
    LEFT JOIN room_members b ON b.room_id = c.room_id AND b.user_id = c.user_id
    WHERE c.read_at <= m.created_at OR c.read_at > now() OR b.user_id IS NULL`,
  'notifications out of their order, or unread though the message is read': `
    SELECT n.id FROM (
      SELECT n.*, lag(created_at) OVER (PARTITION BY user_id ORDER BY id) AS before FROM notifications n
    ) n LEFT JOIN room_members b ON b.room_id = n.room_id AND b.user_id = n.user_id
    WHERE created_at < before OR (message_no IS NOT NULL AND is_read <> (message_no <= b.read_no))`,
  'things that happened before there was anybody or any room': `
    SELECT m.id FROM messages m JOIN users u ON u.id = m.sender_id JOIN rooms r ON r.id = m.room_id
    WHERE m.created_at < greatest(u.created_at, r.created_at)
    UNION ALL SELECT r.id FROM friend_requests r JOIN users u ON u.id IN (r.from_user_id, r.to_user_id)
    WHERE r.created_at < u.created_at OR r.updated_at < r.created_at OR r.updated_at > now()`,
  'what the search has not taken in': `
    SELECT m.id FROM messages m LEFT JOIN message_search s ON s.room_id = m.room_id AND s.message_id = m.id
    WHERE (m.deleted_at IS NULL) <> (s.message_id IS NOT NULL)`,
}

const counts = {
  'SELECT count(*) FROM users WHERE image IS NOT NULL AND bio IS NOT NULL AND last_seen_at < now()': 12,
  'SELECT count(*) FROM users WHERE is_staff': 1,
  "SELECT count(*) FROM rooms WHERE kind = 'group' AND image IS NOT NULL": groups.length,
  'SELECT count(*) FROM messages': 2_000,
  "SELECT count(*) FROM friend_requests WHERE status = 'pending'": 3,
  'SELECT count(*) FROM friendships': friendships.length,
  'SELECT count(*) FROM blocks': 1,
  'SELECT count(*) FROM sessions': 0,
}

/** What tells each of the languages that are spoken beside English. */
const languages = {
  arabic: /\p{Script=Arabic}/u,
  french: /\b(je|est|pas|vous|une)\b/i,
  german: /\b(ich|nicht|und|ist|der)\b/i,
  hindi: /\p{Script=Devanagari}/u,
  japanese: /\p{Script=Hiragana}/u,
  portuguese: /[ãõ]/,
  spanish: /[¿¡ñ]/,
  ukrainian: /[іїє]/i,
}

/**
 * Makes what a process leaves for later happen as it ends, as it would if the end took longer. Node's timers know by
 * `_destroyed` whether they have gone off or were cleared, and by `_onTimeout` what they do.
 */
const hurriesTimers = `
  const { setTimeout } = globalThis
  const timers = new Set()
  globalThis.setTimeout = (...args) => {
    const timer = setTimeout(...args)
    timers.add(timer)
    return timer
  }
  process.on('beforeExit', () => {
    for (const timer of timers) if (!timer._destroyed) timer._onTimeout()
    timers.clear()
  })`

test(
  'demo fills an empty database beside a running server with a history that breaks no promise',
  async () => {
    const dataDir = await preparedDataDir()
    const { url } = await serve({ DATA_DIR: dataDir })
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hurriesTimers)}`
    const { code, stdout, stderr } = await run(['demo'], { DATA_DIR: dataDir, NODE_OPTIONS })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('12 people, 5 groups, 2,000 messages')

    for (const [sql, count] of Object.entries(counts))
      expect([sql, ...(await query(dataDir, sql))]).toEqual([sql, `${count}`])
    for (const [what, sql] of Object.entries(broken)) expect([what, ...(await query(dataDir, sql))]).toEqual([what])
    const unread = await query(
      dataDir,
      `SELECT DISTINCT ${UNREAD_COUNT} FROM room_members m JOIN rooms r ON r.id = m.room_id`,
    )
    expect(unread.length).toBeGreaterThan(7)
    const [edited, deleted, pictures, mentions] = await query(
      dataDir,
      `SELECT count(edited_at), count(deleted_at), count(image),
      (SELECT count(*) FROM notifications WHERE type = 'mention') FROM messages`,
    )
    const texts = (await query(dataDir, 'SELECT content FROM messages')).map(String)
    for (const [language, marks] of Object.entries(languages)) {
      expect(texts.filter((text) => marks.test(text)).length, language).toBeGreaterThan(10)
    }
    for (const many of [edited, deleted, pictures, mentions]) expect(Number(many)).toBeGreaterThan(5)

    const password = /password +(\S+)/.exec(stdout)?.[1]
    const login = await new Api(url).post('/api/login/', { identifier: 'maya', password })
    expect(login.status).toBe(200)
    const { results }: { results: Chat[] } = (await new Api(url, login.body.tokens.access).get('/api/chatrooms/')).body
    expect(results.map((chat) => chat.chat_name)).toContain('Tidepool team')
    const pictured = results.find((chat) => chat.group_image)?.group_image
    expect((await fetch(pictured ?? '')).headers.get('content-type')).toBe('image/webp')
  },
  PATIENCE,
)

test(
  'demo works without a server, leaves nothing running, and refuses a database with people in one line',
  async () => {
    const dataDir = await preparedDataDir()
    const [one, other] = [run(['demo'], { DATA_DIR: dataDir }), run(['demo'], { DATA_DIR: dataDir })]
    const ended = await Promise.all([one, other])
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1])
    expect(await readPidFile(clusterOf(dataDir))).toBeUndefined()

    expect(await run(['demo'], { DATA_DIR: dataDir })).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The demo needs an empty database, .*\n$/),
    })
  },
  PATIENCE,
)
