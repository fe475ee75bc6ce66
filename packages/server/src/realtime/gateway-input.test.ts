import { type Topic, topicOf } from '@confab/contract/define-event'
import { MAX_REPLAY } from '@confab/contract/gateway/frames'
import { describe, expect, test } from 'vitest'
import { planReplay } from './gateway-input.ts'

const OWN = topicOf('user', 1)
const room = (id: number) => topicOf('room', id)

/** Where topics are of which so much was missed, and what is planned for a client that was at 10 in all of them. */
function plan(missed: readonly (readonly [Topic, number])[]) {
  const now = new Map(missed.map(([topic, count]) => [topic, 10 + count]))
  return planReplay(now, new Map(missed.map(([topic]) => [topic, 10])))
}

describe('what a client that comes back is told again', () => {
  test('is what it missed of each topic, and nothing of those in which nothing happened', () => {
    expect(
      plan([
        [room(1), 2],
        [room(2), 0],
        [OWN, 1],
      ]),
    ).toEqual({
      stretches: [
        { topic: OWN, after: 10, upTo: 11 },
        { topic: room(1), after: 10, upTo: 12 },
      ],
      resyncs: [],
    })
  })

  test('is nothing of a topic that it does not name, is ahead of, or is too far behind in', () => {
    const now = new Map([
      [room(1), 5],
      [room(2), 5],
      [room(3), 10 + MAX_REPLAY + 1],
    ])
    const { stretches, resyncs } = planReplay(
      now,
      new Map([
        [room(2), 6],
        [room(3), 10],
      ]),
    )
    expect({ stretches, resyncs }).toEqual({ stretches: [], resyncs: [room(1), room(2), room(3)] })
  })

  test('is at most 5,000 events in all, of the topics with the least', () => {
    const much = [3, 1, 5, 2, 4].map((id) => [room(id), MAX_REPLAY] as const)
    const { stretches, resyncs } = plan([...much, [room(6), 1], [room(7), 2], [OWN, MAX_REPLAY]])

    expect(stretches.map(({ topic }) => topic)).toEqual([room(6), room(7), OWN, room(1), room(2), room(3)])
    expect(resyncs.toSorted()).toEqual([room(4), room(5)])
  })
})
