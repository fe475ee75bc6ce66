import { type Address, toText } from '../stack/address.ts'
import type { Trace } from '../trace.ts'

/** An answer, or undefined where none came: what became of the call is then unknown. */
export type Answer = Readonly<{ status: number; body: unknown }> | undefined

const PATIENCE_MS = 8_000

/** A person's calls, through their own proxy. What must never be answered is a violation. */
export class Rest {
  readonly #address: Address
  readonly #trace: Trace
  token = ''
  /** How long a call may take before its client gives up on it. */
  patienceMs = PATIENCE_MS

  constructor(address: Address, trace: Trace) {
    this.#address = address
    this.#trace = trace
  }

  async call(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    try {
      const response = await fetch(`http://${toText(this.#address)}${path}`, {
        method,
        headers: {
          ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.patienceMs),
      })
      const text = await response.text()
      const answer = { status: response.status, body: parse(text) }
      this.#trace.count(`rest ${response.status}`)
      if (response.status >= 500 && response.status !== 503) {
        this.#trace.violation(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 200)}`)
      }
      return answer
    } catch {
      this.#trace.count('rest unanswered')
      return undefined
    }
  }

  /** The body of a path. @throws where there is no answer, or another than 200 */
  async read(path: string): Promise<unknown> {
    const answer = await this.call('GET', path)
    if (answer?.status === 200) return answer.body
    throw new NotRead(path, answer)
  }
}

/** A read that failed, with what it was answered. */
export class NotRead extends Error {
  readonly answer: Answer

  constructor(path: string, answer: Answer) {
    super(`GET ${path}: ${answer === undefined ? 'no answer' : answer.status}`)
    this.answer = answer
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/** A field of something that came from outside, whatever it is. */
export function field(value: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), value)
}
