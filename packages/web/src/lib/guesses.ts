import { Store } from '@confab/client'
import { useSyncExternalStore } from 'react'

/** What is shown before the server has said so: by key, what will be. */
export type Guesses<Value> = Readonly<{
  get(): Readonly<Record<string, Value>>
  subscribe(listener: () => void): () => void
  /**
   * Shows the value until the work is done and the model has it, or has had time to. A later guess about the same key
   * takes its place.
   *
   * @throws what the work throws; what was guessed is taken back then
   */
  run<S>(guess: Guess<Value, S>): Promise<void>
}>

/** Something that is being done: what will come of it, and how to see in a model that it has. */
export type Guess<Value, S> = Readonly<{
  key: string | number
  value: Value
  work: () => Promise<unknown>
  model: Pick<Store<S>, 'get' | 'subscribe'>
  isSo: (state: S) => boolean
}>

/** How long the model may take to hear of what the server has answered. In ms. */
const PATIENCE_MS = 4_000

/** A place for guesses of one kind. */
export function createGuesses<Value>(patienceMs: number = PATIENCE_MS): Guesses<Value> {
  const store = new Store<Readonly<Record<string, Value>>>({})
  const latest = new Map<string, symbol>()
  return {
    get: () => store.get(),
    subscribe: store.subscribe,
    async run({ key, value, work, model, isSo }) {
      const id = String(key)
      const turn = Symbol(id)
      latest.set(id, turn)
      store.update((all) => ({ ...all, [id]: value }))
      try {
        await work()
        await untilSo(model, isSo, patienceMs)
      } finally {
        if (latest.get(id) === turn) {
          latest.delete(id)
          store.update(({ [id]: _, ...rest }) => rest)
        }
      }
    },
  }
}

/** All that is guessed now, in a component. */
export function useGuesses<Value>(guesses: Guesses<Value>): Readonly<Record<string, Value>> {
  return useSyncExternalStore(guesses.subscribe, guesses.get)
}

function untilSo<S>(model: Guess<never, S>['model'], isSo: (state: S) => boolean, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const look = () => isSo(model.get()) && settle()
    const timer = setTimeout(settle, patienceMs)
    const stop = model.subscribe(look)
    look()
  })
}
