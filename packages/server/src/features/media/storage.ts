import type { Readable } from 'node:stream'

/** A stored file opened for reading. Whoever opens it reads the stream to its end or destroys it. */
export interface OpenFile {
  stream: Readable
  /** Length of the file, where the store says it. */
  bytes: number | undefined
  contentType: string
}

/** A file that a store holds. */
export interface StoredFile {
  name: string
  modifiedAt: Date
}

/**
 * Where the bytes of images are kept. Names come from `imageFile` and no other name is accepted; a file's content never
 * changes under its name. Failures of the disk or the network reject with the underlying error.
 */
export interface MediaStorage {
  /** Stores the file durably. Either the whole file is there afterwards or none of it; the same name again replaces it. */
  put(name: string, body: Buffer, contentType: string): Promise<void>
  /** The file, or undefined if there is none, which includes every name that cannot be one. */
  open(name: string): Promise<OpenFile | undefined>
  /** Deletes the files. A file that is not there is no error, so that an interrupted deletion can be repeated. */
  delete(names: readonly string[]): Promise<void>
  /** Every image file, in no particular order; files written or deleted meanwhile may be missing or not. */
  list(): AsyncIterable<StoredFile>
}
