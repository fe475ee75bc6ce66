import Type from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Id, text } from '../fields.ts'
import { cursorQuery, page } from '../paging.ts'
import { MessageHit, PersonHit, RoomHit } from './resources.ts'

/** What is searched for: every word of it, in any case, with or without accents. */
const q = text({ max: 200, examples: ['kettle'] })

const about = { tag: 'search', access: 'user', method: 'GET', rate: 'search' } as const

export const searchMessages = defineEndpoint({
  ...about,
  operationId: 'searchMessages',
  path: '/api/search/messages/',
  summary: 'Messages of all my rooms or one: whole words first, then beginnings and parts of words; the newest first.',
  query: Type.Object({ q, room: Type.Optional(Id), ...cursorQuery }),
  responses: { 200: page(MessageHit) },
})

export const searchPeople = defineEndpoint({
  ...about,
  operationId: 'searchPeople',
  path: '/api/search/people/',
  summary: 'People by username and name: whole names first, then beginnings and parts of names.',
  query: Type.Object({ q, ...cursorQuery }),
  responses: { 200: page(PersonHit) },
})

export const searchRooms = defineEndpoint({
  ...about,
  operationId: 'searchRooms',
  path: '/api/search/rooms/',
  summary: 'My rooms by name: whole names first, then beginnings and parts of names.',
  query: Type.Object({ q, ...cursorQuery }),
  responses: { 200: page(RoomHit) },
})
