/** What a client does after its socket was closed: come back at once, after a while, or not at all. */
export type Reconnect = 'yes' | 'after' | 'no'

export type CloseCode = Readonly<{ code: number; reconnect: Reconnect; meaning: string }>

/**
 * Why the server closes a socket. 4000 to 4499 mean that coming back helps, 4500 to 4999 that it does not, so that a
 * client understands codes that are newer than itself. The reason of the close frame is the name, for `after` followed
 * by `:` and the milliseconds to wait.
 */
export const closeCodes = {
  server_draining: {
    code: 4000,
    reconnect: 'after',
    meaning: 'The server is shutting down; another may be there already.',
  },
  token_expired: { code: 4001, reconnect: 'yes', meaning: 'The access token has expired; come back with a new one.' },
  hello_missing: { code: 4002, reconnect: 'yes', meaning: 'No `hello` came within 10 seconds of opening.' },
  unavailable: {
    code: 4003,
    reconnect: 'after',
    meaning: 'The database cannot be reached right now, or too many bad tokens came from this address.',
  },
  slow_consumer: { code: 4008, reconnect: 'yes', meaning: 'Frames were not taken fast enough; come back and resume.' },
  log_lost: { code: 4009, reconnect: 'yes', meaning: 'What was missed is no longer in the log; fetch afresh.' },
  too_many_sockets: { code: 4029, reconnect: 'after', meaning: 'This person has too many sockets open.' },
  session_ended: { code: 4501, reconnect: 'no', meaning: 'The login session has ended; log in again.' },
  not_authenticated: { code: 4502, reconnect: 'no', meaning: 'The token is not valid.' },
  not_a_member: {
    code: 4503,
    reconnect: 'no',
    meaning: 'This person is not in the room any more, or the room is gone.',
  },
} as const satisfies Record<string, CloseCode>

export type CloseReason = keyof typeof closeCodes
