/** `@confab/client`: the typed client of Confab. See `docs/client.md`. */
export { type Api, createApi } from './api.ts'
export { IndexedDbCache } from './cache/indexed-db.ts'
export type { CachedPart } from './cache/parts.ts'
export type { ModelCache } from './cache/store.ts'
export { ChatClient, type ClientEvents, type ClientOptions, createClient } from './client.ts'
export { Connection, type ConnectionStatus, type Link } from './connection.ts'
export type * from './contract.gen.ts'
export { createEnvironment, type Environment } from './environment.ts'
export { ConfabError, type Failure, type FailureCode } from './errors.ts'
export type { Frame } from './frames.ts'
export {
  type CallArguments,
  type CallOptions,
  HttpClient,
  type HttpOptions,
  type Input,
  type OperationName,
  type Reply,
} from './http.ts'
export { IndexedDbOutbox } from './outbox/indexed-db.ts'
export type { Draft } from './outbox/outbox.ts'
export { MemoryOutbox, type OutboxStore, type StoredSend } from './outbox/store.ts'
export { pages } from './paging.ts'
export { deliveryOf, readersOf } from './receipts/reducers.ts'
export * from './selectors.ts'
export type * from './state.ts'
export { Store } from './store.ts'
export { LocalStorageTokens, MemoryTokens, readClaims, type TokenStore } from './tokens.ts'
