// The one error class of the service. Its code decides the status and the sentence; what is thrown beside it is a bug or
// a passing fault of something below.

import type { ProblemCode, ProblemDetail } from '../../../contract/problems.ts'
import type { Limited, RateLimit } from '../../../contract/rate-limit.ts'

export class Fault extends Error {
  readonly code: ProblemCode
  readonly details: readonly ProblemDetail[]

  constructor(code: ProblemCode, details: readonly ProblemDetail[] = [], cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = 'Fault'
    this.code = code
    this.details = details
  }
}

/** An org that asks for more than its limit; says when it may ask again. */
export class OverLimit extends Fault {
  readonly retryAfterSeconds: number

  constructor({ perSecond, burst }: RateLimit, what: Limited, leftMs: number) {
    const noun = what === 'generate' ? 'copies' : 'events'
    const message = `Allowed: ${perSecond} ${noun} a second, and ${burst} at once after a quiet time.`
    super('limit.exceeded', [{ path: '', message }])
    this.retryAfterSeconds = Math.max(1, Math.ceil(leftMs / 1_000))
  }
}
