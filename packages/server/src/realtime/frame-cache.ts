import { buildFrame, type SharedFrame } from './frame.ts'

/**
 * Renders the frame of an event once for everyone who reaches the server under the same base URL, however many sockets
 * it goes to. What was rendered is forgotten with the event.
 */
export class FrameCache<Event extends object> {
  readonly #render: (event: Event, baseUrl: string) => object
  readonly #frames = new WeakMap<Event, Map<string, SharedFrame>>()

  constructor(render: (event: Event, baseUrl: string) => object) {
    this.#render = render
  }

  get(event: Event, baseUrl: string): SharedFrame {
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
