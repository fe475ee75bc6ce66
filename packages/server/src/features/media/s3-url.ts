import { StartError } from '../../lib/start-error.ts'

/** Where an S3-compatible store is and how to sign in to it. */
export interface S3Address {
  /** Origin and bucket, path style, without a slash at the end: `https://host:port/bucket`. */
  bucketUrl: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** For credentials that are lent for a while. */
  sessionToken?: string
}

type Environment = Readonly<Record<string, string | undefined>>

const BUCKET_PATH = /^\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])\/?$/

/**
 * Reads `s3://KEY:SECRET@host[:port]/bucket?region=…&ssl=false`. Without credentials in the address, those of
 * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` count; without a region `AWS_REGION`, then
 * `us-east-1`.
 * @throws StartError, which never shows a credential
 */
export function parseS3Url(text: string, env: Environment): S3Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const bucket = BUCKET_PATH.exec(url?.pathname ?? '')?.[1]
  if (url?.protocol !== 's3:' || !url.host || !bucket) {
    throw new StartError('MEDIA_URL must look like s3://KEY:SECRET@host[:port]/bucket?region=us-east-1&ssl=true')
  }
  const scheme = url.searchParams.get('ssl') === 'false' ? 'http' : 'https'
  return {
    bucketUrl: `${scheme}://${url.host}/${bucket}`,
    region: url.searchParams.get('region') ?? env.AWS_REGION ?? 'us-east-1',
    ...credentialsFor(url, env),
  }
}

function credentialsFor(
  url: URL,
  env: Environment,
): Pick<S3Address, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'> {
  if (url.username && url.password) {
    return { accessKeyId: decoded(url.username), secretAccessKey: decoded(url.password) }
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  if (!accessKeyId || !secretAccessKey) {
    throw new StartError('MEDIA_URL has no credentials, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set')
  }
  return { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new StartError('MEDIA_URL has credentials with a % that starts no %XX; write a % as %25')
  }
}
