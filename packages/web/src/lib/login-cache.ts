import { IndexedDbCache, type ModelCache } from '@confab/client'
import { isLoginOfTab } from './login-tokens.ts'

type Parts = Awaited<ReturnType<ModelCache['load']>>

/** Keeps what was loaded on the device, to be read offline; of a login that ends with its tab nothing stays. */
export class LoginCache implements ModelCache {
  readonly #device = new IndexedDbCache()

  load(owner: string): Promise<Parts> {
    return isLoginOfTab() ? Promise.resolve([]) : this.#device.load(owner)
  }

  async save(...[owner, parts, gone]: Parameters<ModelCache['save']>): Promise<void> {
    if (!isLoginOfTab()) await this.#device.save(owner, parts, gone)
  }

  clear(owner: string): Promise<void> {
    return this.#device.clear(owner)
  }
}
