// What was wrong with a body or a query, for the one who sent it: where, what kind of value was seen, what is allowed.
// Never the value itself: it may name a person, and answers end up in logs.
import type * as z from 'zod/mini'
import type { ProblemDetail } from '../../../contract/problems.ts'
import { describeValue } from '../events/read-fields.ts'

type Issue = z.core.$ZodIssue

/** More would say nothing new. */
const maxDetails = 20

/** Of the members of one object that nobody knows. */
const maxNamed = 5

/** One detail per issue that a schema found in `root`. */
export function describeIssues(issues: readonly Issue[], root: unknown): ProblemDetail[] {
  return issues.slice(0, maxDetails).map((issue) => ({
    path: describePath(issue.path),
    message:
      issue.code === 'unrecognized_keys'
        ? `Seen: ${issue.keys.slice(0, maxNamed).map(describeName).join(', ')}. Allowed: no member of that name.`
        : `Seen: ${describeValue(valueAt(root, issue.path))}. Allowed: ${allowedBy(issue)}.`,
  }))
}

function describePath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text.replace(/^\./, '')
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = Reflect.get(value, part)
  }
  return value
}

function allowedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'record' ? 'object' : issue.expected
    case 'too_small':
      return `at least ${issue.minimum} ${unitOf(issue.origin)}`
    case 'too_big':
      return `at most ${issue.maximum} ${unitOf(issue.origin)}`
    case 'invalid_format':
      return issue.pattern === undefined ? issue.format : `text that matches ${issue.pattern}`
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ')
    case 'invalid_union':
      return [...new Set(issue.errors.flat().map(allowedBy))].join(' or ')
    default:
      return 'see the description of the API'
  }
}

/** A name is told when it looks like one of a member: anything else may be somebody's. */
function describeName(name: string): string {
  return /^[A-Za-z][A-Za-z_-]{0,39}$/.test(name) ? `\`${name}\`` : `a name of ${name.length} characters`
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : origin === 'array' ? 'elements' : origin
}
