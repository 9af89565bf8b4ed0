// Event filtering of an event source mapping: which records a function is called with. Pure.
import { at, findText, isRecord, type Json, type JsonRecord, listAt, textAt, tryJson } from '../json.ts'
import { LocalProblem } from '../problem.ts'

const comparisons: Readonly<Record<string, (actual: number, wanted: number) => boolean>> = {
  '=': (actual, wanted) => actual === wanted,
  '<': (actual, wanted) => actual < wanted,
  '<=': (actual, wanted) => actual <= wanted,
  '>': (actual, wanted) => actual > wanted,
  '>=': (actual, wanted) => actual >= wanted,
}

const numericHolds = (rule: readonly Json[], actual: Json | undefined): boolean => {
  if (typeof actual !== 'number') return false
  for (let index = 0; index < rule.length; index += 2)
    if (comparisons[textAt(rule[index])]?.(actual, Number(rule[index + 1])) !== true) return false
  return true
}

const ruleHolds = (rule: JsonRecord, actual: Json | undefined): boolean => {
  const [operator, operand] = Object.entries(rule)[0] ?? []
  const text = typeof actual === 'string' ? actual : undefined
  switch (operator) {
    case 'exists':
      return (actual !== undefined) === operand
    case 'prefix':
      return text?.startsWith(textAt(operand)) === true
    case 'suffix':
      return text?.endsWith(textAt(operand)) === true
    case 'equals-ignore-case':
      return text?.toLowerCase() === textAt(operand).toLowerCase()
    case 'anything-but': {
      if (actual === undefined) return false
      if (isRecord(operand)) return text !== undefined && !ruleHolds(operand, text)
      const excluded: readonly (Json | undefined)[] = Array.isArray(operand) ? operand : [operand]
      return !excluded.includes(actual)
    }
    case 'numeric':
      return numericHolds(listAt(operand), actual)
    default:
      throw new LocalProblem(
        `An event filter uses ${operator ?? 'an empty rule'}, which the local deployment does not know.`,
      )
  }
}

/** Whether a value satisfies a pattern: nested objects must all hold, one of a list's rules must. */
export const matchesPattern = (pattern: Json | undefined, actual: Json | undefined): boolean => {
  if (Array.isArray(pattern)) {
    const candidates: readonly (Json | undefined)[] = Array.isArray(actual) ? actual : [actual]
    return pattern.some((rule: Json) =>
      candidates.some((candidate) => (isRecord(rule) ? ruleHolds(rule, candidate) : rule === candidate)),
    )
  }
  if (!isRecord(pattern)) return false
  return Object.entries(pattern).every(([key, rule]) =>
    key === '$or'
      ? listAt(rule).some((alternative) => matchesPattern(alternative, actual))
      : matchesPattern(rule, at(actual, key)),
  )
}

/** Makes the filter of a mapping's FilterCriteria; a record passes if any pattern matches, or if there are none. */
export const makeFilter = (criteria: JsonRecord): ((record: Json) => boolean) => {
  const patterns = listAt(criteria, 'Filters').map((filter) => {
    const pattern = tryJson(findText(filter, 'Pattern') ?? '{}')
    if (pattern === undefined)
      throw new LocalProblem(`An event filter's pattern is not JSON: ${textAt(filter, 'Pattern')}.`)
    // A rule that cannot be evaluated stops the start, not a later record.
    matchesPattern(pattern, {})
    return pattern
  })
  return (record) => patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, record))
}
