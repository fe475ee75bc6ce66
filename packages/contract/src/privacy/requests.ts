import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Nothing, text } from '../fields.ts'
import { DataExport } from './resources.ts'

const own = { tag: 'privacy', access: 'user' } as const

export const exportData = defineEndpoint({
  ...own,
  operationId: 'exportData',
  method: 'GET',
  path: '/api/profile/export/',
  summary: 'Everything that is kept of the caller, as a file to save. Images are links that open for half a day.',
  rate: 'export',
  responses: { 200: DataExport },
})

/** The password once more, as it is typed. */
export const DeleteAccount = Type.Object({
  current_password: text({ trim: false, max: 1024, examples: ['twelve wild geese'] }),
})
export type DeleteAccount = Static<typeof DeleteAccount>

export const deleteAccount = defineEndpoint({
  ...own,
  operationId: 'deleteAccount',
  method: 'DELETE',
  path: '/api/profile/',
  summary: 'Deletes the caller’s account for good. Their messages stay, and nobody’s name is at them any more.',
  rate: 'write',
  body: DeleteAccount,
  responses: { 204: Nothing },
})
