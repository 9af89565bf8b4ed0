// The one error class of the service. Its code decides the status and the sentence; what is thrown beside it is a bug or
// a passing fault of something below.
import type { ProblemCode, ProblemDetail } from '../../contract/problems.ts'

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
