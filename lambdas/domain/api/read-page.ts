// Which page of the list of imports is asked for.

import { isImportId } from '../files/name-file.ts'
import { Fault } from './fault.ts'

export interface PageQuestion {
  readonly limit: number
  /** Where the page before ended. */
  readonly next: string | undefined
}

const defaultLimit = 20
const maxLimit = 100

/** @throws Fault `query.invalid` with what was seen and what is allowed */
export function readPage(query: Readonly<Record<string, string | undefined>>): PageQuestion {
  const limit = query.limit === undefined ? defaultLimit : /^\d{1,3}$/.test(query.limit) ? Number(query.limit) : 0
  const next = query.next === '' ? undefined : query.next
  const details = [
    ...(limit < 1 || limit > maxLimit
      ? [{ path: 'limit', message: `Allowed: a whole number, 1 to ${maxLimit}.` }]
      : []),
    ...(next !== undefined && !isImportId(next)
      ? [{ path: 'next', message: `Seen: ${next.length} characters. Allowed: what the page before gave.` }]
      : []),
  ]
  if (details.length > 0) throw new Fault('query.invalid', details)
  return { limit, next }
}
