import { indexMessage } from '@confab/server/features/search/terms'
import pg from 'pg'

const BATCH = 10_000

type Text = { room_id: string; id: string; content: string; username: string }

/** Indexes all messages as the server's own consumer of the log would; the index itself is built at the end. */
export async function seedSearchIndex(databaseUrl: string): Promise<void> {
  const reader = new pg.Client({ connectionString: databaseUrl })
  const writer = new pg.Client({ connectionString: databaseUrl })
  await Promise.all([reader.connect(), writer.connect()])
  const { rows } = await reader.query<{ definition: string }>(
    "SELECT pg_get_indexdef('message_search_grams'::regclass) AS definition",
  )
  await writer.query('DROP INDEX message_search_grams')
  let writing: Promise<unknown> = Promise.resolve()
  for await (const texts of readTexts(reader)) {
    // While Postgres writes one batch the next is prepared here.
    const values = toColumns(texts)
    await writing
    writing = writer.query({ ...INSERT, values })
  }
  await writing
  await writer.query("SET maintenance_work_mem = '512MB'")
  await writer.query(rows[0]?.definition ?? '')
  await Promise.all([reader.end(), writer.end()])
}

const INSERT = {
  name: 'entries',
  text: `INSERT INTO message_search (room_id, message_id, text, sender, grams)
    SELECT room_id, message_id, text, sender, grams::integer[]
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
      AS i (room_id, message_id, text, sender, grams)`,
}

function toColumns(texts: readonly Text[]): string[][] {
  const entries = texts.map((text) => indexMessage(Number(text.room_id), text.content, text.username))
  return [
    texts.map((text) => text.room_id),
    texts.map((text) => text.id),
    entries.map((entry) => entry.text),
    entries.map((entry) => entry.sender),
    entries.map((entry) => `{${entry.grams.join(',')}}`),
  ]
}

async function* readTexts(reader: pg.Client): AsyncGenerator<Text[]> {
  let last: Text | undefined
  do {
    const { rows } = await reader.query<Text>({
      name: 'texts',
      text: `SELECT m.room_id, m.id, m.content, u.username FROM messages m JOIN users u ON u.id = m.sender_id
        WHERE (m.room_id, m.id) > ($1::bigint, $2::bigint) ORDER BY m.room_id, m.id LIMIT ${BATCH}`,
      values: [last?.room_id ?? 0, last?.id ?? 0],
    })
    if (rows.length > 0) yield rows
    last = rows.at(-1)
  } while (last)
}
