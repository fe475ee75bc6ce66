import { field } from './rest.ts'

/** What a command was answered; `lost` where the socket went before there was an answer. */
export type Answer =
  | Readonly<{ kind: 'ack'; data: Readonly<Record<string, unknown>> }>
  | Readonly<{ kind: 'error'; code: string; message: string; retryAfterMs: number }>
  | Readonly<{ kind: 'lost' }>

/** The answer, and whether the network carried the command to a server more than once. */
export type Reply = Answer & Readonly<{ isRepeated: boolean }>

/** The two answers to a command that the network repeated. */
export type Answers = Readonly<{ type: string; first: Answer; second: Answer }>

/** @returns what is wrong with the answers to a command that came twice */
export function judgeAnswers({ type, first, second }: Answers): string | undefined {
  if (second.kind === 'error' && second.code === 'internal') return 'was answered with an internal error'
  if (type !== 'message.send' || first.kind !== 'ack' || second.kind !== 'ack') return undefined
  const [one, other] = [first, second].map(({ data }) => Number(field(data, 'message', 'id')))
  if (one !== other) return `was acknowledged as message ${one} and as message ${other}`
  return field(first.data, 'is_new') && field(second.data, 'is_new') ? `message ${one} was new both times` : undefined
}
