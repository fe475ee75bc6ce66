import { Client, type Dispatcher } from 'undici'
import { COUNTER, type Sender } from './jobs.ts'

/** What the server answered. */
export type Reply = Readonly<{ status: number; body: string }>

let counter = 0

/** A number that was not used before, with as many digits as the placeholder has. */
function nextNumber(): string {
  counter += 1
  return String(counter).padStart(COUNTER.length, '0')
}

/** One keep-alive connection that has one request under way at a time, as a client of the API has. */
export class SenderConnection {
  readonly #client: Client
  readonly #sender: Sender
  readonly #headers: Record<string, string>
  #turn = 0

  constructor(origin: string, sender: Sender) {
    this.#client = new Client(origin, { pipelining: 1 })
    this.#sender = sender
    this.#headers = { authorization: `Bearer ${sender.token}`, 'content-type': 'application/json' }
  }

  /**
   * Sends the sender's next request.
   *
   * @returns the number that its body carries, where it has a place for one
   * @throws Error where the answer is no success
   */
  async next(): Promise<{ number: string; reply: Reply }> {
    const { method, paths, body } = this.#sender
    const path = paths[this.#turn % paths.length] ?? '/'
    this.#turn += 1
    const number = nextNumber()
    const reply = await dispatch(this.#client, {
      method,
      path,
      headers: this.#headers,
      body: body?.replace(COUNTER, number) ?? null,
    })
    if (reply.status >= 300) throw new Error(`${method} ${path} was answered ${reply.status} ${reply.body}`)
    return { number, reply }
  }

  close(): Promise<void> {
    return this.#client.destroy()
  }
}

/** One request by the cheapest way undici has: without streams, measured at half the cost of its `request`. */
export function dispatch(client: Client, options: Dispatcher.DispatchOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    client.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        resolve({ status, body: status < 300 ? '' : Buffer.concat(chunks).toString() })
      },
      onResponseError(_controller, error) {
        reject(error)
      },
    })
  })
}
