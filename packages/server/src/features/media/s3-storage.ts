import { Readable } from 'node:stream'
import { S3mini } from 's3mini'
import { reasonOf, StartError } from '../../lib/start-error.ts'
import { parseImageFile, requireImageFile } from './files.ts'
import type { MediaStorage, OpenFile, StoredFile } from './storage.ts'

/** Where an S3-compatible store is and how to sign in to it. */
export interface S3Address {
  /** Origin and bucket, path style: `https://host:port/bucket`. */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** How long the store may take to answer a request, the upload of its body included. Reading an answer is not counted. */
const ANSWER_MS = 60_000

/** The most keys that the protocol lists in one answer. */
const PAGE = 1000

/**
 * Reads `s3://KEY:SECRET@host[:port]/bucket?region=…&ssl=false`. Without credentials in the address, those of
 * `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` count; without a region `AWS_REGION`, then `us-east-1`.
 * @throws StartError, which never shows a credential
 */
export function parseS3Url(text: string, env: Readonly<Record<string, string | undefined>>): S3Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const bucket = url ? /^\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])\/?$/.exec(url.pathname)?.[1] : undefined
  if (url?.protocol !== 's3:' || !url.host || !bucket) {
    throw new StartError('MEDIA_URL must look like s3://KEY:SECRET@host[:port]/bucket?region=us-east-1&ssl=true')
  }
  const accessKeyId = decodeURIComponent(url.username) || env.AWS_ACCESS_KEY_ID
  const secretAccessKey = decodeURIComponent(url.password) || env.AWS_SECRET_ACCESS_KEY
  if (!accessKeyId || !secretAccessKey) {
    throw new StartError('MEDIA_URL has no credentials, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set')
  }
  const scheme = url.searchParams.get('ssl') === 'false' ? 'http' : 'https'
  const region = url.searchParams.get('region') ?? env.AWS_REGION ?? 'us-east-1'
  return { endpoint: `${scheme}://${url.host}/${bucket}`, region, accessKeyId, secretAccessKey }
}

/**
 * Keeps images as objects of a bucket, which must exist and hold nothing else. One request is made to see that the
 * bucket can be read.
 * @throws StartError when the store cannot be reached, or has no such bucket, or refuses the credentials
 */
export async function openS3Storage(address: S3Address): Promise<MediaStorage> {
  const s3 = new S3mini({ ...address, fetch: fetchWithDeadline })
  await listPage(s3, 1, undefined).catch((error: unknown) => {
    throw new StartError(`The image store at ${address.endpoint} cannot be used: ${reasonOf(error)}`, { cause: error })
  })
  return {
    put: async (name, body, contentType) => {
      requireImageFile(name)
      const answer = await s3.putObject(name, body, contentType)
      await answer.body?.cancel()
    },
    open: (name) => openObject(s3, name),
    delete: (names) => deleteObjects(s3, names),
    list: () => list(s3),
  }
}

async function openObject(s3: S3mini, name: string): Promise<OpenFile | undefined> {
  const file = parseImageFile(name)
  if (!file) return undefined
  const answer = await s3.getObjectResponse(name)
  if (!answer?.body) return undefined
  const bytes = Number(answer.headers.get('content-length'))
  return { stream: Readable.fromWeb(answer.body), bytes, contentType: file.contentType }
}

async function deleteObjects(s3: S3mini, names: readonly string[]): Promise<void> {
  for (const name of names) requireImageFile(name)
  if (names.length === 0) return
  const deleted = await s3.deleteObjects([...names])
  const kept = names.filter((_, index) => !deleted[index])
  if (kept.length > 0) throw new Error(`The image store did not delete ${kept.length} of ${names.length} files`)
}

async function* list(s3: S3mini): AsyncGenerator<StoredFile> {
  let token: string | undefined
  do {
    const page = await listPage(s3, PAGE, token)
    for (const object of page.objects ?? []) {
      if (parseImageFile(object.Key)) yield { name: object.Key, modifiedAt: object.LastModified }
    }
    token = page.nextContinuationToken
  } while (token)
}

async function listPage(s3: S3mini, size: number, token: string | undefined) {
  const page = await s3.listObjectsPaged('/', '', size, token)
  if (!page) throw new Error(`The image store has no bucket ${JSON.stringify(s3.bucketName)}`)
  return page
}

/**
 * The client's own timeout would also cut off a body that a slow reader is still taking; this one ends with the headers.
 */
const fetchWithDeadline: typeof fetch = async (input, init) => {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new Error('The image store did not answer in time')), ANSWER_MS)
  try {
    return await fetch(input, { ...init, signal: deadline.signal })
  } finally {
    clearTimeout(timer)
  }
}
