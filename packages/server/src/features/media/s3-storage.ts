import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { AwsClient } from 'aws4fetch'
import { reasonOf, StartError } from '../../lib/start-error.ts'
import { parseImageFile, requireImageFile } from './files.ts'
import type { S3Address } from './s3-url.ts'
import type { MediaStorage, OpenFile, StoredFile } from './storage.ts'

/** How long the store may take to answer, retries and the upload of a body included. Reading an answer is not counted. */
const ANSWER_MS = 60_000

/** Further tries of a request that was answered with 429 or 5xx. */
const RETRIES = 2

const DELETIONS_AT_ONCE = 10

/** A request to the bucket itself (an empty name) or to an object in it. Resolves with what the store answered. */
type Send = (method: string, name: string, init?: RequestInit) => Promise<Response>

/**
 * Keeps images as objects of a bucket, which must exist and hold nothing else. Four requests are all it uses, PutObject,
 * GetObject, DeleteObject and ListObjects of the S3 REST API, so that any store that speaks S3 will do. One request is
 * made here, to see that the bucket can be read.
 * @throws StartError when the store cannot be reached, or has no such bucket, or refuses the credentials
 */
export async function openS3Storage(address: S3Address): Promise<MediaStorage> {
  const send = createSender(address)
  await listPage(send, { 'max-keys': '1' }).catch((error: unknown) => {
    throw new StartError(`The image store at ${address.bucketUrl} cannot be used: ${reasonOf(error)}`, { cause: error })
  })
  return {
    put: (name, body, contentType) => putObject(send, name, body, contentType),
    open: (name) => openObject(send, name),
    delete: (names) => deleteObjects(send, names),
    list: () => list(send),
  }
}

function createSender({ bucketUrl, region, ...credentials }: S3Address): Send {
  const client = new AwsClient({ ...credentials, region, service: 's3', retries: RETRIES })
  return (method, name, init) =>
    withDeadline((signal) => client.fetch(bucketUrl + name, { ...init, method, signal })).catch(withoutWrapping)
}

async function putObject(send: Send, name: string, body: Buffer, contentType: string): Promise<void> {
  requireImageFile(name)
  // With its hash in the signature, the store refuses a body that was damaged on its way.
  const headers = {
    'content-type': contentType,
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
  }
  const answer = await send('PUT', `/${name}`, { body: new Uint8Array(body), headers })
  await requireOk(answer)
  await answer.body?.cancel()
}

async function openObject(send: Send, name: string): Promise<OpenFile | undefined> {
  const file = parseImageFile(name)
  if (!file) return undefined
  const answer = await send('GET', `/${name}`)
  if (answer.status === 404) {
    await answer.body?.cancel()
    return undefined
  }
  await requireOk(answer)
  if (!answer.body) throw new Error('The image store sent no body')
  const length = answer.headers.get('content-length')
  const bytes = length === null ? undefined : Number(length)
  return { stream: Readable.from(answer.body, { objectMode: false }), bytes, contentType: file.contentType }
}

async function deleteObjects(send: Send, names: readonly string[]): Promise<void> {
  for (const name of names) requireImageFile(name)
  for (let at = 0; at < names.length; at += DELETIONS_AT_ONCE) {
    await Promise.all(names.slice(at, at + DELETIONS_AT_ONCE).map((name) => deleteObject(send, name)))
  }
}

async function deleteObject(send: Send, name: string): Promise<void> {
  const answer = await send('DELETE', `/${name}`)
  // S3 itself answers 204 for an object that is not there; some stores answer 404.
  if (answer.status !== 404) await requireOk(answer)
  await answer.body?.cancel()
}

async function* list(send: Send): AsyncGenerator<StoredFile> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const page: Page = await listPage(send, { marker: after })
    yield* page.files
    after = page.next
  }
}

interface Page {
  files: StoredFile[]
  /** The name after which the next page begins; undefined after the last page. */
  next: string | undefined
}

/** The first version of the listing: it goes on after a name, where the second needs a token of the store's making. */
async function listPage(send: Send, query: Readonly<Record<string, string>>): Promise<Page> {
  const answer = await send('GET', `?${new URLSearchParams(query)}`)
  await requireOk(answer)
  const text = await answer.text()
  const entries = [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = '']) => entry)
  const last = textIn(entries.at(-1) ?? '', 'Key')
  return { files: entries.flatMap(fileIn), next: textIn(text, 'IsTruncated') === 'true' ? last : undefined }
}

/** None or one: objects with other names are not ours. */
function fileIn(entry: string): StoredFile[] {
  const name = textIn(entry, 'Key') ?? ''
  const modifiedAt = new Date(textIn(entry, 'LastModified') ?? '')
  return parseImageFile(name) && !Number.isNaN(modifiedAt.getTime()) ? [{ name, modifiedAt }] : []
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of the first such element. Enough for the flat answers of this protocol, and for the names we give. */
function textIn(xml: string, tag: string): string | undefined {
  const text = new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1]
  return text?.replace(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole)
}

/** @throws Error with the store's code for what went wrong, such as `SignatureDoesNotMatch` */
async function requireOk(answer: Response): Promise<void> {
  if (answer.ok) return
  const code = textIn(await answer.text(), 'Code')
  throw new Error(`the store answered ${answer.status}${code ? ` (${code})` : ''}`)
}

/** Ends with the headers, so that a body is not cut off which a slow reader is still taking. */
async function withDeadline(request: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new Error('the store did not answer in time')), ANSWER_MS)
  try {
    return await request(deadline.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** `fetch` says only that it failed; why is in the cause. */
function withoutWrapping(error: unknown): never {
  throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error
}
