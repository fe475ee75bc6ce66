import type { CachedPart } from './parts.ts'

/** Where a part of the model is kept between runs. `owner` tells people and servers apart. */
export interface ModelCache {
  load(owner: string): Promise<readonly CachedPart[]>
  /** Keeps parts in place of those of the same name, and forgets those named in `gone`. */
  save(owner: string, parts: readonly CachedPart[], gone: readonly CachedPart['part'][]): Promise<void>
  /** Forgets everything of an owner. */
  clear(owner: string): Promise<void>
}
