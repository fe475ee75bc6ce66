import { operations } from './contract.gen.ts'
import type { CallArguments, HttpClient, OperationName, Reply } from './http.ts'

/** Every call of the API as a function, by feature: `api.messages.sendMessage({ params, body })`. */
export type Api = {
  readonly [Feature in keyof typeof operations]: {
    readonly [Name in keyof (typeof operations)[Feature] & OperationName]: (
      ...input: CallArguments<Name>
    ) => Promise<Reply<Name>>
  }
}

/** Makes the functions of the API over a client. */
export function createApi(http: HttpClient): Api {
  const features = Object.entries(operations).map(([feature, calls]) => {
    const functions = Object.keys(calls).map((name) => [
      name,
      (input?: object) => Reflect.apply(http.call, http, [name, input]),
    ])
    return [feature, Object.fromEntries(functions)]
  })
  return Object.fromEntries(features)
}
