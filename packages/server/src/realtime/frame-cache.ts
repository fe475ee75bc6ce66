import { buildFrame, type SharedFrame } from './frame.ts'

/**
 * Renders the frame of an event once for everyone who reaches the server under the same base URL, however many sockets
 * it goes to. What was rendered is forgotten with the event, but for the last one.
 */
export class FrameCache<Event extends object> {
  readonly #render: (event: Event, baseUrl: string) => object
  readonly #frames = new WeakMap<Event, Map<string, SharedFrame>>()
  /** An event goes to one socket after the other, most of which reach the server in the same way. */
  #last: { event: Event; baseUrl: string; frame: SharedFrame } | undefined

  constructor(render: (event: Event, baseUrl: string) => object) {
    this.#render = render
  }

  get(event: Event, baseUrl: string): SharedFrame {
    if (this.#last?.event === event && this.#last.baseUrl === baseUrl) return this.#last.frame
    const frame = this.#find(event, baseUrl)
    this.#last = { event, baseUrl, frame }
    return frame
  }

  #find(event: Event, baseUrl: string): SharedFrame {
    let frames = this.#frames.get(event)
    if (!frames) {
      frames = new Map()
      this.#frames.set(event, frames)
    }
    const known = frames.get(baseUrl)
    if (known) return known
    const frame = buildFrame(this.#render(event, baseUrl))
    frames.set(baseUrl, frame)
    return frame
  }
}
