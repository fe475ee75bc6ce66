/** Makes requests, and lets those that are meant fail or wait, before they are made or with their answers. */
export class Requests {
  isHeld: (url: string) => boolean = () => false
  isLate: (url: string) => boolean = () => false
  isLost: (url: string) => boolean = () => false
  #held: { url: string; go: () => void }[] = []
  readonly made: string[] = []
  readonly answered: string[] = []

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.made.push(url)
    if (this.isLost(url)) throw new TypeError('lost')
    if (this.isHeld(url)) await this.#hold(url)
    const answer = await fetch(url, init)
    this.answered.push(url)
    if (this.isLate(url)) await this.#hold(url)
    return answer
  }

  /** Lets everything go on, from now on too. */
  release(): void {
    this.isHeld = () => false
    this.isLate = () => false
    this.releaseOnly(() => true)
  }

  /** Lets those go on that are meant and wait now. */
  releaseOnly(isMeant: (url: string) => boolean): void {
    const meant = this.#held.filter(({ url }) => isMeant(url))
    this.#held = this.#held.filter((one) => !meant.includes(one))
    for (const { go } of meant) go()
  }

  #hold(url: string): Promise<void> {
    return new Promise((go) => this.#held.push({ url, go }))
  }
}
