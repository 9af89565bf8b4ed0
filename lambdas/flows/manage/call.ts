// One request of the console or of an administrator, once it is known who asks: what an action is given and gives back.
import type * as z from 'zod/mini'
import type { OrgSlug } from '../../../contract/ids.ts'
import { describeIssues } from '../../domain/api/describe-issues.ts'
import { Fault } from '../../domain/api/fault.ts'

export interface OperatorCall {
  /** For the audit log: `user:<subject>` or `key:<key id>`. */
  readonly who: string
  /** The route, as the audit log names it. */
  readonly action: string
  /** What stands in the path for each name. */
  readonly path: Readonly<Record<string, string | undefined>>
  readonly query: Readonly<Record<string, string | undefined>>
  /** The JSON of the body; undefined for a route without one. */
  readonly body: unknown
  /** The `etag` that a change was made from, when the caller says. */
  readonly ifMatch?: string | undefined
  /** Ends reads when the time for the answer is up. */
  readonly signal: AbortSignal
}
export interface Call extends OperatorCall {
  /** From the path, and proven. */
  readonly org: OrgSlug
}

export interface Reply {
  readonly body: unknown
  readonly etag?: string
}

export type Action = (call: Call) => Promise<Reply>
export type OperatorAction = (call: OperatorCall) => Promise<Reply>

/** The body, read by its schema. @throws Fault `body.invalid` */
export function readBody<S extends z.ZodMiniType>(schema: S, { body }: OperatorCall): z.infer<S> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new Fault('body.invalid', describeIssues(parsed.error.issues, body))
}

/** The `etag` of a revision. */
export function etagOf(revision: number | undefined): string {
  return `"${revision ?? 0}"`
}

/** @throws Fault `settings.changed` when the caller names another revision than the one that stands */
export function checkIfMatch({ ifMatch }: OperatorCall, revision: number | undefined): void {
  if (ifMatch !== undefined && ifMatch.trim() !== '*' && ifMatch.trim() !== etagOf(revision)) {
    throw new Fault('settings.changed')
  }
}
