/** `@confab/client`: the typed client of Confab. See `docs/client.md`. */
export { type Api, createApi } from './api.ts'
export { IndexedDbCache } from './cache/indexed-db.ts'
export type { CachedPart } from './cache/parts.ts'
export type { ModelCache } from './cache/store.ts'
export { ChatClient, type ClientEvents, type ClientOptions, createClient } from './client.ts'
export {
  Connection,
  type ConnectionOptions,
  type ConnectionStatus,
  type Credentials,
  type Link,
  type LinkEvents,
} from './connection.ts'
export type * from './contract.gen.ts'
export { createEnvironment, type Environment } from './environment.ts'
export { ConfabError, type Failure, type FailureCode } from './errors.ts'
export type { EventFrame, Frame, ResyncFrame, SignalFrame } from './frames.ts'
export {
  type CallArguments,
  type CallOptions,
  HttpClient,
  type HttpOptions,
  type Input,
  type OperationName,
  type Reply,
} from './http.ts'
export type { MessagesApi } from './messages/api.ts'
export type { NotificationsApi } from './notifications/api.ts'
export { IndexedDbOutbox } from './outbox/indexed-db.ts'
export type { Draft } from './outbox/outbox.ts'
export { MemoryOutbox, type OutboxStore, type StoredSend } from './outbox/store.ts'
export { type Item, type ListName, pages } from './paging.ts'
export type { PeopleApi } from './people/api.ts'
export type { Position } from './positions.ts'
export { deliveryOf, readersOf } from './receipts/reducers.ts'
export type { RoomsApi } from './rooms/api.ts'
export * from './selectors.ts'
export type { WebSocketClass } from './socket.ts'
export type * from './state.ts'
export { type IsEqual, Store } from './store.ts'
export { type Claims, LocalStorageTokens, MemoryTokens, readClaims, type TokenStore } from './tokens.ts'
export type { Fetch } from './transfer.ts'
export type { TypingApi } from './typing/api.ts'
