import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from './config.ts'
import { errorCode, reasonOf, StartError } from './lib/start-error.ts'

const leastLength = 32

/**
 * The key that signs tokens and links: `SECRET_KEY`, or else the one in `DATA_DIR/secret.key`, which is made at the
 * first start with 384 random bits and mode 0600. Starts at the same moment agree on one key.
 *
 * @throws StartError when the file cannot be made or read, or holds too short a key
 */
export async function loadSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): Promise<string> {
  if (config.secretKey !== undefined) return config.secretKey
  const file = path.join(config.dataDir, 'secret.key')
  try {
    const key = (await readKey(file)) ?? (await makeKey(file))
    if (key.length >= leastLength) return key
  } catch (error) {
    throw new StartError(`The signing key ${file} cannot be made or read: ${reasonOf(error)}`)
  }
  throw new StartError(`The signing key ${file} is damaged: restore it, or delete it (everybody has to log in again)`)
}

async function readKey(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Written beside and linked: the file appears whole or not at all, and never over another's. */
async function makeKey(file: string): Promise<string> {
  const key = randomBytes(48).toString('base64url')
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(draft, `${key}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    await link(draft, file)
    return key
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return (await readFile(file, 'utf8')).trim()
  } finally {
    await rm(draft, { force: true })
  }
}
