/** Makes requests, and lets those that are meant fail or wait. */
export class Requests {
  isHeld: (url: string) => boolean = () => false
  isLost: (url: string) => boolean = () => false
  #release: (() => void)[] = []
  readonly made: string[] = []

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.made.push(url)
    if (this.isLost(url)) throw new TypeError('lost')
    if (this.isHeld(url)) await new Promise<void>((resolve) => this.#release.push(resolve))
    return fetch(url, init)
  }

  release(): void {
    this.isHeld = () => false
    for (const go of this.#release.splice(0)) go()
  }
}
