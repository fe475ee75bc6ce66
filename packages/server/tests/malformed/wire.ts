/** Sending what no client library would send, and hearing what comes back. */
import { Agent, request } from 'node:http'
import { connect } from 'node:net'

/** An answer as it came. */
export type RawReply = Readonly<{ status: number; type: string; text: string }>

/** A request, down to the bytes of its body. */
export type Outgoing = Readonly<{
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  body?: Buffer
}>

/** A client with kept-alive connections. */
export class Wire {
  readonly #url: URL
  readonly #agent: Agent

  constructor(url: string, connections: number) {
    this.#url = new URL(url)
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  /** @throws Error where no answer comes within the time, or the connection breaks before it */
  send({ method, path, headers, body }: Outgoing, timeoutMs: number): Promise<RawReply> {
    const { hostname, port } = this.#url
    return new Promise((resolve, reject) => {
      const call = request({ hostname, port, method, path, agent: this.#agent, headers: withLength(headers, body) })
      const timer = setTimeout(() => call.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
      call.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
      call.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          clearTimeout(timer)
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text })
        })
      })
      call.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function withLength(headers: Readonly<Record<string, string>>, body: Buffer | undefined): Record<string, string> {
  return body === undefined ? { ...headers } : { ...headers, 'content-length': String(body.length) }
}

/**
 * Writes bytes to a connection of their own and reads until the server closes it or has answered.
 *
 * @throws Error where nothing comes within the time
 */
export function sendBytes(url: string, bytes: string | Buffer, timeoutMs: number): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (text.includes('\r\n\r\n')) done()
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(bytes, 'latin1')
  })
}

/** Does something for every item, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  act: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries()
  const work = async () => {
    for (const [index, item] of entries) await act(item, index)
  }
  await Promise.all(Array.from({ length: width }, work))
}
