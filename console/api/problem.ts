// What went wrong with a call, in words for the person who made it.
import { problemBodySchema } from '../../contract/problems.ts'

export interface ProblemDetail {
  readonly path: string
  readonly message: string
}

/** The API's refusal, or that it could not be reached (`status` 0). */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly details: readonly ProblemDetail[]
  readonly requestId: string | undefined

  constructor(status: number, code: string, message: string, details: readonly ProblemDetail[], requestId?: string) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.requestId = requestId
  }
}

/** Reads an answer that is no success. Never throws. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const body = problemBodySchema.safeParse(await response.json().catch(() => undefined))
  if (!body.success) {
    const message = `The service answered ${response.status} without saying why.`
    return new ApiProblem(response.status, 'answer.unreadable', message, [], requestId)
  }
  const { code, message, details } = body.data.error
  return new ApiProblem(response.status, code, message, details ?? [], requestId)
}

export const unreachable = () =>
  new ApiProblem(
    0,
    'service.unreachable',
    'The service could not be reached. Check the connection, then try again.',
    [],
  )

/** Worth another try by itself: nothing was decided yet. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status === 429 || error.status >= 500)
}

/** Somebody else saved the thing since it was read. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412
}
