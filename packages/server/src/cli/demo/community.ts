/** Who and what the demo community is made of; `script.ts` makes its history from it. */
import type { Look } from './portraits.ts'
import type { Scene } from './scenes.ts'
import type { ThreadFile } from './threads.ts'

/** Somebody of the community. */
export type Character = Readonly<{ username: string; first: string; last: string; bio: string; look: Look }>

const character = (names: string, bio: string, look: Look): Character => {
  const [username = '', first = '', last = ''] = names.split(' ')
  return { username, first, last, bio, look }
}

/** The first of them may administer the server. */
export const characters: readonly Character[] = [
  character('maya Maya Lindqvist', 'Keeps this server running. Cardamom buns, cold lakes, 日本語 in small steps.', {
    hue: 205,
    skin: '#f3d3bd',
    hair: '#d8b06a',
    style: 'long',
  }),
  character('arjun Arjun Mehta', 'Release notes as literature. Two left feet on Sundays. हिन्दी, English.', {
    hue: 28,
    skin: '#b98058',
    hair: '#241a17',
    style: 'short',
    glasses: true,
  }),
  character('priya Priya Sharma', 'किताबें, चाय और छत। I cook for twice as many people as there are.', {
    hue: 330,
    skin: '#a9714b',
    hair: '#1d1413',
    style: 'bun',
  }),
  character('lucia Lucía Romero', 'De Madrid, con la maleta a medio hacer. Delantera los domingos.', {
    hue: 12,
    skin: '#e5b68f',
    hair: '#3b2418',
    style: 'curls',
  }),
  character('mateo Mateo Vargas', 'Organizo el fútbol, llego a tiempo, casi nunca a la vez.', {
    hue: 95,
    skin: '#c68d62',
    hair: '#2b1b14',
    style: 'short',
  }),
  character('beatriz Beatriz Almeida', 'Lisboa, sempre. Sei onde se come bem e não conto a turistas.', {
    hue: 48,
    skin: '#dba67f',
    hair: '#5a3422',
    style: 'long',
    glasses: true,
  }),
  character('jonas Jonas Weber', 'Züge, Karten, Spieleabende. Вивчаю українську, потроху.', {
    hue: 225,
    skin: '#f0cdb2',
    hair: '#8a5a33',
    style: 'short',
  }),
  character('oksana Oksana Shevchenko', 'Дані, графіки, борщ. Queries that finish before the tea does.', {
    hue: 260,
    skin: '#f2d0b7',
    hair: '#a5602f',
    style: 'bun',
  }),
  character('camille Camille Laurent', 'Je lis, je traduis, je perds mes lunettes. Sourdough in progress.', {
    hue: 350,
    skin: '#f0c9ab',
    hair: '#6b3a26',
    style: 'curls',
    glasses: true,
  }),
  character('leila Leila Mansour', 'بين لغتين وبحر واحد. Patience is an ingredient.', {
    hue: 172,
    skin: '#d9a880',
    hair: '#2f6f6b',
    style: 'scarf',
  }),
  character('omar Omar Haddad', 'أسأل أسئلة كثيرة، وأصل متأخراً. Interviews, olive oil, accidental goals.', {
    hue: 140,
    skin: '#c4926b',
    hair: '#1f1715',
    style: 'curls',
  }),
  character('kenji Kenji Tanaka', '地図とスープと朝のサッカー。 Maps that work without a signal.', {
    hue: 190,
    skin: '#ecc39c',
    hair: '#15110f',
    style: 'short',
  }),
]

/** Two friends, and how much they say to each other, in which threads. */
export type Friends = Readonly<{ pair: readonly [string, string]; threads: ThreadFile; messages: number }>

const friends = (one: string, other: string, threads: ThreadFile, messages: number): Friends => ({
  pair: [one, other],
  threads,
  messages,
})

export const friendships: readonly Friends[] = [
  friends('lucia', 'mateo', 'es', 90),
  friends('leila', 'omar', 'ar', 85),
  friends('camille', 'leila', 'fr', 85),
  friends('jonas', 'oksana', 'uk', 80),
  friends('mateo', 'beatriz', 'pt', 80),
  friends('kenji', 'maya', 'ja', 80),
  friends('priya', 'arjun', 'hi', 80),
  friends('jonas', 'maya', 'de', 75),
  friends('arjun', 'maya', 'en', 60),
  friends('omar', 'kenji', 'en', 45),
  friends('camille', 'lucia', 'en', 45),
  friends('priya', 'oksana', 'en', 45),
  friends('maya', 'lucia', 'en', 30),
  friends('beatriz', 'arjun', 'en', 0),
  friends('omar', 'maya', 'en', 0),
]

/** A group; its first member makes it. */
export type Group = Readonly<{
  name: string
  members: readonly string[]
  /** Who is made an admin beside the first. */
  alsoAdmin?: string
  /** Who does not want to hear of every message. */
  muted?: string
  threads: ThreadFile
  messages: number
  scene: Scene
}>

export const groups: readonly Group[] = [
  {
    name: 'Tidepool team',
    members: ['maya', 'arjun', 'oksana', 'jonas', 'kenji', 'omar'],
    alsoAdmin: 'arjun',
    threads: 'team',
    messages: 280,
    scene: 'chart',
  },
  {
    name: 'Kitchen table',
    members: ['priya', 'leila', 'omar', 'lucia', 'camille', 'oksana', 'beatriz', 'maya'],
    alsoAdmin: 'maya',
    muted: 'oksana',
    threads: 'kitchen',
    messages: 270,
    scene: 'bowl',
  },
  {
    name: 'Sunday football ⚽',
    members: ['mateo', 'omar', 'jonas', 'arjun', 'lucia', 'kenji', 'beatriz'],
    alsoAdmin: 'lucia',
    threads: 'football',
    messages: 220,
    scene: 'pitch',
  },
  {
    name: 'Lisboa en primavera',
    members: ['lucia', 'mateo', 'beatriz', 'camille', 'jonas'],
    alsoAdmin: 'beatriz',
    threads: 'lisbon',
    messages: 200,
    scene: 'city',
  },
  {
    name: 'Book club',
    members: ['camille', 'leila', 'maya', 'kenji', 'arjun', 'priya'],
    muted: 'arjun',
    threads: 'books',
    messages: 150,
    scene: 'hills',
  },
]

/** Friend requests that did not end in a friendship, and when they were sent, in hours ago. */
export const openRequests = [
  { from: 'mateo', to: 'leila', hoursAgo: 20 * 24, isRejected: true },
  { from: 'mateo', to: 'priya', hoursAgo: 50, isRejected: false },
  { from: 'kenji', to: 'camille', hoursAgo: 29, isRejected: false },
  { from: 'jonas', to: 'leila', hoursAgo: 5, isRejected: false },
] as const

export const block = { by: 'oksana', of: 'mateo', hoursAgo: 72 } as const
