// Which grants the template gives its functions, and which of them the recorded calls needed. Pure: what the reports of
// used, unused and indispensable grants are made of.
import { at, listAt, textAt, textsAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Stack } from '../template/stack.ts'
import { matches, type RequestContext, type Statement, statementsOf } from './policy.ts'

export type Role = { readonly name: string; readonly statements: readonly Statement[] }
/** One action pattern on one resource pattern, given by one statement to one function. */
export type Grant = {
  readonly function: string
  readonly role: string
  readonly statement: string
  readonly action: string
  readonly resource: string
}
/** A decision of the gate, counted: the same call decided alike is one entry. */
export type RecordedCall = {
  readonly function: string
  readonly action: string
  readonly resource: string
  readonly allowed: boolean
  readonly statements: readonly string[]
  readonly count: number
  readonly context?: RequestContext
}

/** AWS's managed policies that grant nothing which passes the gate. */
const LOG_POLICIES =
  /\/(AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess|CloudWatchLambdaInsightsExecutionRolePolicy)$/
const GATED = ['dynamodb', 's3', 'sqs', 'secretsmanager', 'lambda']

/** The roles of a stack with all their statements, by role name. */
export const rolesOf = (stack: Stack): Map<string, Role> => {
  const roles = new Map<string, Statement[]>()
  for (const { id, name, properties } of stack.of('AWS::IAM::Role')) {
    for (const managed of textsAt(properties, 'ManagedPolicyArns'))
      if (!LOG_POLICIES.test(managed))
        throw new LocalProblem(
          `The role ${id} has the managed policy ${managed}, which the local deployment does not know.`,
        )
    roles.set(
      name,
      listAt(properties, 'Policies').flatMap((policy) =>
        statementsOf(at(policy, 'PolicyDocument'), `${id}.${textAt(policy, 'PolicyName')}`),
      ),
    )
  }
  for (const { id, properties } of stack.of('AWS::IAM::Policy')) {
    const statements = statementsOf(at(properties, 'PolicyDocument'), id)
    for (const role of textsAt(properties, 'Roles')) roles.set(role, [...(roles.get(role) ?? []), ...statements])
  }
  return new Map([...roles].map(([name, statements]) => [name, { name, statements }]))
}

/** Every grant of every function whose service passes the gate (logs, traces and keys do not). */
export const grantsOf = (functionRoles: ReadonlyMap<string, Role>): Grant[] =>
  [...functionRoles].flatMap(([name, role]) =>
    role.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ id, actions, resources }) =>
        actions
          .filter((action) => action === '*' || GATED.includes(action.split(':')[0] ?? ''))
          .flatMap((action) =>
            resources.map((resource) => ({ function: name, role: role.name, statement: id, action, resource })),
          ),
      ),
  )

const allows = (grant: Grant, call: RecordedCall): boolean =>
  call.allowed &&
  call.function === grant.function &&
  call.statements.includes(grant.statement) &&
  matches(grant.action, call.action, true) &&
  matches(grant.resource, call.resource)

/** The grants that allowed none of these calls. */
export const unusedGrants = (grants: readonly Grant[], calls: readonly RecordedCall[]): Grant[] =>
  grants.filter((grant) => !calls.some((call) => allows(grant, call)))

/** The calls that only this grant allowed: without it they would have been refused. */
export const refusedWithout = (
  grant: Grant,
  calls: readonly RecordedCall[],
  grants: readonly Grant[] = [grant],
): RecordedCall[] =>
  calls.filter(
    (call) =>
      allows(grant, call) && !grants.some((other) => other !== grant && !same(other, grant) && allows(other, call)),
  )

const same = (a: Grant, b: Grant): boolean =>
  a.function === b.function && a.statement === b.statement && a.action === b.action && a.resource === b.resource
