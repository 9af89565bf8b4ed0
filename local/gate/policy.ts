// IAM's evaluation of identity policies, as far as a gate on one machine needs it: pure, no I/O.
import { isRecord, type Json, listAt, recordAt, textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'

export type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] }
export type Statement = {
  /** `<policy's logical id>#<index>`: names the statement in reports. */
  readonly id: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly conditions: readonly Condition[]
}
/** Condition keys of a request, e.g. `dynamodb:LeadingKeys`; a key that a request lacks is absent. */
export type RequestContext = Readonly<Record<string, readonly string[]>>

export type Decision = {
  readonly allowed: boolean
  readonly explicitDeny: boolean
  readonly statements: readonly string[]
}

const patterns = new Map<string, RegExp>()

/** IAM's wildcards: `*` any run of characters, `?` exactly one. Actions compare without case, resources with. */
export const matches = (pattern: string, text: string, caseless = false): boolean => {
  if (pattern === '*') return true
  const key = caseless ? `i${pattern}` : `c${pattern}`
  let compiled = patterns.get(key)
  if (compiled === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    compiled = new RegExp(`^${source}$`, caseless ? 'is' : 's')
    patterns.set(key, compiled)
  }
  return compiled.test(text)
}

type Comparison = (wanted: readonly string[], actual: string) => boolean
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (wanted, actual) => wanted.includes(actual),
  StringNotEquals: (wanted, actual) => !wanted.includes(actual),
  StringLike: (wanted, actual) => wanted.some((pattern) => matches(pattern, actual)),
  StringNotLike: (wanted, actual) => !wanted.some((pattern) => matches(pattern, actual)),
  Bool: (wanted, actual) => wanted.some((value) => value.toLowerCase() === actual.toLowerCase()),
}
const KEYS = [
  'dynamodb:LeadingKeys',
  'aws:SecureTransport',
  's3:prefix',
  'aws:PrincipalAccount',
  'aws:ResourceAccount',
  'aws:RequestedRegion',
]

const conditionHolds = ({ operator, key, values }: Condition, context: RequestContext): boolean => {
  const [set, name] = operator.includes(':') ? operator.split(':') : ['', operator]
  const optional = name?.endsWith('IfExists') === true
  const compare = COMPARISONS[name?.replace('IfExists', '') ?? '']
  const actual = context[key] ?? []
  if (compare === undefined) return false
  if (set === 'ForAllValues') return actual.every((value) => compare(values, value))
  if (set === 'ForAnyValue') return actual.some((value) => compare(values, value))
  return actual.length === 0
    ? optional || name?.includes('Not') === true
    : actual.every((value) => compare(values, value))
}

const applies = (statement: Statement, action: string, resource: string, context: RequestContext): boolean =>
  (statement.notActions.length > 0
    ? !statement.notActions.some((pattern) => matches(pattern, action, true))
    : statement.actions.some((pattern) => matches(pattern, action, true))) &&
  (statement.notResources.length > 0
    ? !statement.notResources.some((pattern) => matches(pattern, resource))
    : statement.resources.some((pattern) => matches(pattern, resource))) &&
  statement.conditions.every((condition) => conditionHolds(condition, context))

/** The verdict with its reasons: the ids of the statements that allowed it, or of those that denied it. */
export const decide = (
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: RequestContext,
): Decision => {
  const applying = statements.filter((statement) => applies(statement, action, resource, context))
  const denying = applying.filter((statement) => statement.effect === 'Deny')
  return denying.length > 0
    ? { allowed: false, explicitDeny: true, statements: denying.map(({ id }) => id) }
    : { allowed: applying.length > 0, explicitDeny: false, statements: applying.map(({ id }) => id) }
}

/** Whether these statements let this action happen to this resource: an explicit Deny wins, silence refuses. */
export const isAllowed = (
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: RequestContext = {},
): boolean => decide(statements, action, resource, context).allowed

const conditionsOf = (condition: Json | undefined, id: string): Condition[] =>
  Object.entries(recordAt(condition)).flatMap(([operator, keys]) =>
    Object.entries(recordAt(keys)).map(([key, values]) => {
      const name = (operator.includes(':') ? operator.split(':')[1] : operator)?.replace('IfExists', '') ?? ''
      if (COMPARISONS[name] === undefined || !KEYS.includes(key))
        throw new LocalProblem(
          `The statement ${id} has the condition ${operator} on ${key}, which the local deployment cannot evaluate.`,
        )
      return { operator, key, values: textsAt(values) }
    }),
  )

/** Parses a (resolved) policy document; throws LocalProblem for a condition that could not be evaluated. */
export const statementsOf = (document: Json | undefined, policyId: string): Statement[] => {
  const given = recordAt(document).Statement
  const list = isRecord(given) ? [given] : listAt(given)
  return list.map((statement, index) => {
    const id = `${policyId}#${index}`
    return {
      id,
      effect: textAt(statement, 'Effect') === 'Deny' ? 'Deny' : 'Allow',
      actions: textsAt(statement, 'Action'),
      notActions: textsAt(statement, 'NotAction'),
      resources: textsAt(statement, 'Resource'),
      notResources: textsAt(statement, 'NotResource'),
      conditions: conditionsOf(recordAt(statement).Condition, id),
    }
  })
}
