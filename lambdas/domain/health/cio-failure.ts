// Why Customer.io's App API did not give what was asked, in closed words, and the sentence for each. Says nothing of the key.

/**
 * `refused`: the key is not good there (401). `forbidden`: good, but not for this (403). `missing`: no such thing (404).
 * `rejected`: Customer.io does not accept the request. `busy`: over its limit, again and again (429). `faulty`: its own
 * fault (5xx). `slow`, `cut`: no whole answer in time. `unreadable`: an answer that is not what its description says.
 */
export type CioFailureCode =
  | 'refused'
  | 'forbidden'
  | 'missing'
  | 'rejected'
  | 'busy'
  | 'faulty'
  | 'slow'
  | 'cut'
  | 'unreadable'

export class CioFailure extends Error {
  readonly code: CioFailureCode
  readonly status: number | undefined
  /** Customer.io's own words, shortened. */
  readonly said: string | undefined

  constructor(code: CioFailureCode, facts: { status?: number; said?: string | undefined } = {}) {
    super(`Customer.io: ${code}`)
    this.name = 'CioFailure'
    this.code = code
    this.status = facts.status
    this.said = facts.said
  }
}

const passing: ReadonlySet<CioFailureCode> = new Set(['busy', 'faulty', 'slow', 'cut', 'unreadable'])

/** Whether asking again later may go well: then nothing is known about what was asked. */
export function isPassing({ code }: CioFailure): boolean {
  return passing.has(code)
}

/** Whether Customer.io may have done what it was asked to: it took the request, and its answer was lost. */
export function mayBeDone(failure: CioFailure): boolean {
  return isPassing(failure) && failure.code !== 'busy'
}

/** What happened, and what to do about it. */
export function explainFailure(failure: CioFailure): { seen: string; what_to_do: string } {
  const { status, said } = failure
  const words = said === undefined ? '' : ` It said: "${said}".`
  const later = 'Try again in a minute. Nothing was changed here.'
  switch (failure.code) {
    case 'refused':
      return {
        seen: `Customer.io refused the App API key.${words}`,
        what_to_do:
          'Check that the whole key was pasted, that it is an App API key (not a Track API key), and that it was not deleted at Customer.io. Nothing was changed here.',
      }
    case 'forbidden':
      return {
        seen: `Customer.io knows the App API key but does not let it do this.${words}`,
        what_to_do: 'Create the App API key as a person who may manage the workspace. Nothing was changed here.',
      }
    case 'missing':
      return {
        seen: `Customer.io does not have what was asked for.${words}`,
        what_to_do: 'Check the ids in the settings, and that the key belongs to the workspace that holds them.',
      }
    case 'rejected':
      return {
        seen: `Customer.io did not accept the request (status ${status}).${words}`,
        what_to_do: 'Check the settings it was made from. If they are right, tell us what Customer.io said.',
      }
    case 'busy':
      return {
        seen: `Customer.io is over its limit of calls and refused each of our attempts.${words}`,
        what_to_do: later,
      }
    case 'faulty':
      return { seen: `Customer.io has a fault of its own (status ${status}).${words}`, what_to_do: later }
    case 'slow':
      return { seen: 'Customer.io did not answer in time.', what_to_do: later }
    case 'cut':
      return { seen: 'The connection to Customer.io broke before the answer was whole.', what_to_do: later }
    case 'unreadable':
      return { seen: 'Customer.io answered something that its description does not know.', what_to_do: later }
  }
}
