// What a route is: where it stands, which function serves it, how it is entered, what it takes and gives.
import type * as z from 'zod/mini'
import type { Scope } from './api-key.ts'
import type { FunctionName } from './function-name.ts'
import type { Role } from './member.ts'
import type { ProblemCode } from './problems.ts'

export interface QueryParameter {
  readonly name: string
  readonly required: boolean
  readonly description: string
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly function: FunctionName
  readonly summary: string
  /**
   * How a caller proves who it is: a key with this scope; membership of the org with at least this role (a token of the
   * stage's user pool, or a key with scope `admin`); a token of an operator; Customer.io's signature; or nothing.
   */
  readonly entry:
    | { readonly kind: 'key'; readonly scope: Scope }
    | { readonly kind: 'member'; readonly role: Role }
    | { readonly kind: 'operator' }
    | { readonly kind: 'signature' }
    | { readonly kind: 'open' }
  /** Which of the stage's throttles holds. */
  readonly throttle: 'webhook' | 'generate' | 'console'
  readonly query?: readonly QueryParameter[]
  readonly request?: z.ZodMiniType
  readonly answer?: z.ZodMiniType
  /** The answer carries an `etag`, and a change may say with `if-match` which one it was made from. */
  readonly etag?: true
  readonly problems: readonly ProblemCode[]
  /** Bodies of problems that say more than a problem does. */
  readonly problemBodies?: Readonly<Partial<Record<ProblemCode, z.ZodMiniType>>>
}

/** What can be wrong with any JSON body. */
export const bodyProblems = [
  'body.too_large',
  'body.not_utf8',
  'body.not_json',
  'body.too_deep',
  'body.hostile_key',
  'body.invalid',
] as const satisfies readonly ProblemCode[]

/** What every route of the console and of administrators can leave with. */
export const memberProblems = [
  'auth.failed',
  'auth.forbidden',
  'service.unavailable',
] as const satisfies readonly ProblemCode[]

/** Where a list goes on: what the page before answered as `next`. */
export const nextPage = {
  name: 'next',
  required: false,
  description: 'What the page before answered as `next`.',
} as const satisfies QueryParameter
