// What stops the local deployment on purpose: one clear sentence for the person at the terminal, never a stack trace.

/** A fault that the user can mend; its message is the whole explanation. */
export class LocalProblem extends Error {
  override readonly name = 'LocalProblem'
}
