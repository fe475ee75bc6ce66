/** Makes requests, and lets those that are meant fail or wait, before they are made or with their answers. */
export class Requests {
  isHeld: (url: string) => boolean = () => false
  isLate: (url: string) => boolean = () => false
  isLost: (url: string) => boolean = () => false
  #release: (() => void)[] = []
  readonly made: string[] = []
  readonly answered: string[] = []

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.made.push(url)
    if (this.isLost(url)) throw new TypeError('lost')
    if (this.isHeld(url)) await this.#hold()
    const answer = await fetch(url, init)
    this.answered.push(url)
    if (this.isLate(url)) await this.#hold()
    return answer
  }

  release(): void {
    this.isHeld = () => false
    this.isLate = () => false
    for (const go of this.#release.splice(0)) go()
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => this.#release.push(resolve))
  }
}
