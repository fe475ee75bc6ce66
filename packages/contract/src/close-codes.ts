/** What a client does after its socket was closed: come back at once, after a while, or not at all. */
export type Reconnect = 'yes' | 'after' | 'no'

export type CloseCode = Readonly<{ code: number; reconnect: Reconnect; meaning: string }>

/**
 * Why the server closes a socket. 4000 to 4499 mean that coming back helps, 4500 to 4999 that it does not, so that a
 * client understands codes that are newer than itself.
 */
export const closeCodes = {
  going_away: { code: 1001, reconnect: 'after', meaning: 'The server is shutting down; another may be there already.' },
  slow_consumer: {
    code: 4008,
    reconnect: 'yes',
    meaning: 'Frames were not taken fast enough; come back and catch up.',
  },
  log_lost: { code: 4009, reconnect: 'yes', meaning: 'What was missed is no longer in the log; fetch afresh.' },
  session_ended: { code: 4501, reconnect: 'no', meaning: 'The login session has ended.' },
  not_a_member: {
    code: 4503,
    reconnect: 'no',
    meaning: 'This person is not in the room any more, or the room is gone.',
  },
} as const satisfies Record<string, CloseCode>
