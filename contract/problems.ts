// Errors that a caller can meet: each code, the status it leaves with, and the sentence that goes with it. Those of the
// console's routes are in `console-problems.ts`, so that what serves a campaign does not load them.
import * as z from 'zod/mini'
import type { consoleProblems } from './console-problems.ts'

export const commonProblems = {
  'auth.failed': { status: 401, message: 'The organisation is unknown, or the key or signature is missing or wrong.' },
  'auth.forbidden': {
    status: 403,
    message: 'The key or account does not have the scope or role that the route asks for.',
  },
  'route.unknown': { status: 404, message: 'There is no such route.' },
  'route.method': { status: 405, message: 'The route exists, but not for this method.' },
  'template.unknown': { status: 404, message: 'The organisation has no template with this id.' },
  'template.inactive': { status: 409, message: 'The template is a draft or archived, so it serves no copy.' },
  'copy.unknown': { status: 409, message: 'The template has no copy with this id.' },
  'copy.none_eligible': { status: 409, message: 'No active copy of the template fits the attributes given.' },
  'body.too_large': { status: 422, message: 'The body is larger than the route allows.' },
  'body.too_large_events': { status: 413, message: 'The body is larger than a call with events may be.' },
  'body.too_many_events': { status: 413, message: 'The call has more events than one may have.' },
  'body.not_utf8': { status: 422, message: 'The body is not UTF-8 text.' },
  'body.not_json': { status: 422, message: 'The body is not JSON.' },
  'body.too_deep': { status: 422, message: 'The body is nested deeper, or has more members, than the route allows.' },
  'body.hostile_key': { status: 422, message: 'The body uses a member name that is never accepted.' },
  'body.invalid': { status: 422, message: 'The body does not have the shape that the route asks for.' },
  'events.none_accepted': { status: 422, message: 'None of the events could be accepted; `results` says why of each.' },
  'query.invalid': { status: 422, message: 'The query does not have the shape that the route asks for.' },
  'limit.exceeded': {
    status: 429,
    message: 'The organisation asks for more than its limit. Nothing was done; ask again after `retry-after` seconds.',
  },
  'service.unavailable': { status: 503, message: 'A passing fault. Nothing was lost; try again shortly.' },
} as const

export type ProblemCode = keyof typeof commonProblems | keyof typeof consoleProblems

export interface Problem {
  readonly status: number
  readonly message: string
}
/** The problems that a function knows; any other leaves as a passing fault. */
export type ProblemTable = Readonly<Partial<Record<ProblemCode, Problem>>>

/** One thing that was wrong: where, what was seen, what is allowed. */
export const problemDetailSchema = z.object({
  path: z.string(),
  message: z.string(),
})
export type ProblemDetail = z.infer<typeof problemDetailSchema>

/** The body of every answer that is not a success. */
export const problemBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.optional(z.array(problemDetailSchema)),
  }),
})
export type ProblemBody = z.infer<typeof problemBodySchema>
