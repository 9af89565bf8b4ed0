// A request to the stand-in's App API whose key is good, and what it is answered.
import type { Json } from '../json.ts'

export type AppAnswer = { readonly status: number; readonly body: Json }
export type AppRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Json | undefined
  /** The workspace of the key. */
  readonly workspace: string
  readonly nowSeconds: number
}

/** Customer.io's common shape of an error. */
export const refusal = (status: number, detail: string): AppAnswer => ({
  status,
  body: { errors: [{ detail, status: String(status) }] },
})
