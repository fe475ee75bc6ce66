import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Node's options that open an inspector on a free port of the loopback. */
export const INSPECTOR = '--inspect=127.0.0.1:0'

type Waiting = Readonly<{ resolve(result: unknown): void; reject(error: Error): void }>

/** The heap of a running process, by the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/v8/ */
export class Inspector {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, Waiting>()
  #id = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.#hear(data.toString()))
    socket.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the process ended while its heap was read'))
    })
  }

  /** @param url as Node prints it when the inspector listens */
  static async open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url)
    await once(socket, 'open')
    return new Inspector(socket)
  }

  /**
   * Collects all garbage, and tells what is left, in bytes: on the heap, and in buffers outside of it.
   *
   * @throws Error where the process ends before it has answered
   */
  async readHeap(): Promise<number> {
    await this.#call('HeapProfiler.collectGarbage', {})
    const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'
    const answer = await this.#call('Runtime.evaluate', { expression, returnByValue: true })
    const value: unknown = Object(Object(answer).result).value
    if (typeof value !== 'number') throw new Error('the inspector did not tell the size of the heap')
    return value
  }

  close(): void {
    this.#socket.close()
  }

  #call(method: string, params: object): Promise<unknown> {
    const id = ++this.#id
    this.#socket.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  #hear(text: string): void {
    const { id, result, error } = Object(JSON.parse(text))
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(new Error(`the inspector refused: ${error.message}`))
    else waiting?.resolve(result)
  }
}
