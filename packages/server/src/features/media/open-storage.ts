import { join } from 'node:path'
import { reasonOf, StartError } from '../../lib/start-error.ts'
import { openDiskStorage } from './disk-storage.ts'
import { openS3Storage } from './s3-storage.ts'
import { parseS3Url } from './s3-url.ts'
import type { MediaStorage } from './storage.ts'

/**
 * Opens the store that the configuration names: the bucket of `mediaUrl`, or without one `media` in the data folder.
 * @param env where credentials that `mediaUrl` does not carry are looked for
 * @throws StartError when it cannot be used
 */
export async function openMediaStorage(
  { mediaUrl, dataDir }: { mediaUrl: string | undefined; dataDir: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<MediaStorage> {
  if (mediaUrl) return openS3Storage(parseS3Url(mediaUrl, env))
  const folder = join(dataDir, 'media')
  return openDiskStorage(folder).catch((error: unknown) => {
    throw new StartError(`Images cannot be kept in ${folder}: ${reasonOf(error)}`, { cause: error })
  })
}
