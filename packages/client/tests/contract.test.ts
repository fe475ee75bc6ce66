import type { EventMap, Operations, SignalMap } from '@confab/client/contract.gen'
import * as accounts from '@confab/contract/accounts/requests'
import type { ReplyOf } from '@confab/contract/endpoint'
import type * as contract from '@confab/contract/events'
import * as messages from '@confab/contract/messages/requests'
import * as notifications from '@confab/contract/notifications/requests'
import * as people from '@confab/contract/people/requests'
import * as receipts from '@confab/contract/receipts/requests'
import * as rooms from '@confab/contract/rooms/requests'
import * as search from '@confab/contract/search/requests'
import { expect, expectTypeOf, test } from 'vitest'

const calls = { ...accounts, ...messages, ...notifications, ...people, ...receipts, ...rooms, ...search }
type Calls = typeof calls
type Name = keyof Calls & keyof Operations

/** The calls whose answers do not fit into the client's types. */
type Misfit = { [N in Name]: ReplyOf<Calls[N]> extends Operations[N]['reply'] ? never : N }[Name]

// Checked by the compiler: what the server answers and tells fits into the types that were printed from its schemas.
test('the printed types take everything that the contract’s own types allow', () => {
  expectTypeOf<Misfit>().toEqualTypeOf<never>()
  expectTypeOf<contract.EventMap>().toExtend<EventMap>()
  expectTypeOf<contract.SignalMap>().toExtend<SignalMap>()
  expectTypeOf<keyof contract.EventMap>().toEqualTypeOf<keyof EventMap>()
  expectTypeOf<keyof contract.SignalMap>().toEqualTypeOf<keyof SignalMap>()
  const names: readonly Name[] = ['sendMessage', 'listRooms', 'searchMessages']
  expect(names.every((name) => name in calls)).toBe(true)
})
