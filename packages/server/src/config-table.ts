import {
  accessToken,
  decimal,
  flag,
  folder,
  folderOrNone,
  host,
  integer,
  type Kind,
  label,
  origins,
  publicUrl,
  rate,
  redisUrl,
  secret,
  serviceUrl,
  word,
} from './config-kinds.ts'

/** One environment variable. The table of these is what validation, `confab config` and the docs are made from. */
export type Setting<T> = {
  readonly name: string
  readonly kind: Kind<NonNullable<T>>
  /** What an unset or empty variable means, written as in the environment; undefined for "nothing". */
  readonly fallback: string | undefined
  /** What it does, for operators: a sentence without its full stop. */
  readonly about: string
  /** True where an invalid value may hold a secret and must not be repeated in the error. */
  readonly isSecret: boolean
}

type Extra = { isSecret?: boolean }

function setting<T>(name: string, kind: Kind<T & {}>, fallback: string, about: string): Setting<T> {
  return { name, kind, fallback, about, isSecret: false }
}

function optional<T>(name: string, kind: Kind<T & {}>, about: string, extra: Extra = {}): Setting<T | undefined> {
  return { name, kind, fallback: undefined, about, isSecret: extra.isSecret ?? false }
}

const postgresUrl = serviceUrl('a postgres:// or postgresql:// URL', 'postgres:', 'postgresql:')
const storeUrl = serviceUrl('a URL such as s3://KEY:SECRET@host/bucket', 's3:')
const level = word('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')

/** Every variable but the rate limits, under its field in `Config`. */
export const settings = {
  host: setting('HOST', host, '127.0.0.1', 'Address to listen on; 0.0.0.0 is every one of the machine'),
  port: setting('PORT', integer(0, 65_535), '8000', 'Port to listen on; 0 takes any free one'),
  dataDir: setting('DATA_DIR', folder, './data', 'Folder for the embedded database, the signing key and uploads'),
  databaseUrl: optional('DATABASE_URL', postgresUrl, 'Postgres 15 or newer to use instead of the embedded one', {
    isSecret: true,
  }),
  redisUrl: optional('REDIS_URL', redisUrl, 'Redis 7 or Valkey that connects several servers', { isSecret: true }),
  nodeId: optional('NODE_ID', label, "This server's name in logs and metrics; unset: a random one"),
  secretKey: optional('SECRET_KEY', secret, 'Key that signs tokens and image links, instead of DATA_DIR/secret.key', {
    isSecret: true,
  }),
  publicUrl: optional('PUBLIC_URL', publicUrl, 'Where clients reach the server, for absolute links; else as asked'),
  allowedOrigins: optional(
    'ALLOWED_ORIGINS',
    origins,
    "Web origins that may call beside the server's own; unset: any port of localhost",
  ),
  webDir: optional(
    'WEB_DIR',
    folderOrNone,
    'Folder of the built web app that / serves; unset: the one of this repository',
  ),
  logLevel: setting('LOG_LEVEL', level, 'info', 'Least severity that is logged'),
  accessTokenMinutes: setting('ACCESS_TOKEN_MINUTES', integer(1, 1_440), '15', 'Life of an access token'),
  refreshTokenDays: setting('REFRESH_TOKEN_DAYS', integer(1, 3_650), '30', 'Life of a refresh token, thus of a login'),
  maxUploadMb: setting('MAX_UPLOAD_MB', integer(1, 100), '10', 'Largest image that is accepted, in megabytes'),
  maxMessageChars: setting('MAX_MESSAGE_CHARS', integer(1, 100_000), '10000', 'Longest message'),
  maxGroupMembers: setting('MAX_GROUP_MEMBERS', integer(2, 100_000), '500', 'Most members of a group'),
  notifyMaxMembers: setting(
    'NOTIFY_MAX_MEMBERS',
    integer(0, 100_000),
    '100',
    'In larger rooms only mentions make notifications',
  ),
  eventRetentionDays: setting('EVENT_RETENTION_DAYS', integer(1, 365), '7', 'How long clients can resume from'),
  presenceGraceSeconds: setting(
    'PRESENCE_GRACE_SECONDS',
    integer(0, 3_600),
    '15',
    'How long after the last socket closed somebody still counts as online',
  ),
  maxSocketsPerUser: setting(
    'MAX_SOCKETS_PER_USER',
    integer(1, 10_000),
    '10',
    'Most open sockets of one user, on all servers together',
  ),
  socketFramesPerSecond: setting(
    'SOCKET_FRAMES_PER_SECOND',
    integer(1, 10_000),
    '20',
    'Frames that a client may send on a socket, three times as many at once; RATE_LIMIT_FACTOR multiplies them',
  ),
  mediaUrl: optional('MEDIA_URL', storeUrl, 'S3-compatible store for images; unset: DATA_DIR/media', {
    isSecret: true,
  }),
  rateLimitFactor: setting('RATE_LIMIT_FACTOR', decimal(0, 1_000), '1', 'Multiplies all rate limits; 0 turns them off'),
  rateAddressMultiple: setting(
    'RATE_ADDRESS_MULTIPLE',
    integer(0, 10_000),
    '20',
    'How many times the limits of one user all users of an address have together, at each server; 0: any number',
  ),
  loginFreeFailures: setting(
    'LOGIN_FREE_FAILURES',
    integer(1, 1_000),
    '5',
    'Wrong passwords of an account before it has to wait; RATE_LIMIT_FACTOR multiplies them',
  ),
  loginFirstWaitSeconds: setting(
    'LOGIN_FIRST_WAIT_SECONDS',
    integer(1, 3_600),
    '1',
    'The first such wait; each further wrong password doubles it',
  ),
  loginLongestWaitSeconds: setting('LOGIN_LONGEST_WAIT_SECONDS', integer(1, 86_400), '900', 'The longest such wait'),
  shutdownGraceSeconds: setting(
    'SHUTDOWN_GRACE_SECONDS',
    integer(0, 600),
    '10',
    'Longest wait for requests at the stop',
  ),
  workers: setting('WORKERS', integer(1, 64), '1', 'Server processes on this machine; one uses one core'),
  databasePool: setting('DATABASE_POOL', integer(1, 90), '10', 'Most connections to Postgres, of each process'),
  metricsToken: optional('METRICS_TOKEN', accessToken, 'What /metrics asks for; unset: only this machine is answered', {
    isSecret: true,
  }),
  metricsPort: optional('METRICS_PORT', integer(1, 65_535), 'Port for /metrics alone, which is then not on PORT'),
  trustProxy: setting('TRUST_PROXY', flag, 'false', 'Whether X-Forwarded-* headers are believed: behind a proxy only'),
} as const

/** What is counted separately by the rate limits; per user and address, and where nobody is logged in per address. */
export const rateSettings = {
  register: setting('RATE_REGISTER', rate, '10/3600', 'Registrations of an address'),
  login: setting('RATE_LOGIN', rate, '20/300', 'Login attempts'),
  refresh: setting('RATE_REFRESH', rate, '60/300', 'Renewals of the access token'),
  send: setting('RATE_SEND', rate, '1200/60', 'Messages sent'),
  upload: setting('RATE_UPLOAD', rate, '120/60', 'Images uploaded'),
  search: setting('RATE_SEARCH', rate, '120/60', 'Searches'),
  export: setting('RATE_EXPORT', rate, '5/3600', 'Exports of all one’s data'),
  write: setting('RATE_WRITE', rate, '600/60', 'Other changes'),
  read: setting('RATE_READ', rate, '3000/60', 'Other reads'),
  refused: setting(
    'RATE_REFUSED',
    rate,
    '3000/60',
    'Calls without a token, and calls and sockets whose token is refused',
  ),
} as const
