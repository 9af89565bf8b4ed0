// A function as the template declares it: where its code lies, its environment, its limits, its role.
import { findNumber, findText, recordAt, textAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Assembly } from '../template/assembly.ts'
import { functionArn } from '../template/resource-types.ts'
import type { Resource, Stack } from '../template/stack.ts'

export type FunctionSpec = {
  readonly id: string
  readonly name: string
  readonly arn: string
  readonly roleName: string
  readonly codeDir: string
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly memoryMb: number
  readonly timeoutMs: number
  /** How many processes it may have at once. */
  readonly maxProcesses: number
}

/** Lambda's own default is 1,000; a laptop's is this. */
const MAX_PROCESSES = 4

const specOf = (resource: Resource, assembly: Assembly): FunctionSpec => {
  const { id, name, properties } = resource
  const runtime = textAt(properties, 'Runtime')
  if (!runtime.startsWith('nodejs'))
    throw new LocalProblem(
      `The function ${id} has the runtime ${runtime || '(none)'}; the local deployment runs Node.js functions only.`,
    )
  const key = textAt(properties, 'Code', 'S3Key')
  const codeDir = assembly.assetPaths.get(key.replace(/\.zip$/, ''))
  if (codeDir === undefined)
    throw new LocalProblem(
      `The code of the function ${id} is not an asset of the synthesized app; the local deployment needs it as one.`,
    )
  const reserved = findNumber(properties, 'ReservedConcurrentExecutions') ?? MAX_PROCESSES
  return {
    id,
    name,
    arn: functionArn(name),
    roleName: textAt(properties, 'Role').split('/').at(-1) ?? '',
    codeDir,
    handler: textAt(properties, 'Handler'),
    environment: Object.fromEntries(
      Object.entries(recordAt(properties, 'Environment', 'Variables')).map(([variable, value]) => [
        variable,
        findText(value) ?? '',
      ]),
    ),
    memoryMb: findNumber(properties, 'MemorySize') ?? 128,
    timeoutMs: (findNumber(properties, 'Timeout') ?? 3) * 1_000,
    maxProcesses: Math.max(1, Math.min(MAX_PROCESSES, reserved)),
  }
}

/** The stack's functions, without those that only CloudFormation calls (providers of custom resources). */
export const functionsOf = (stack: Stack, assembly: Assembly): FunctionSpec[] => {
  const providers = new Set(
    stack
      .of('Custom::S3BucketNotifications', 'Custom::S3AutoDeleteObjects', 'Custom::CDKBucketDeployment')
      .map(({ properties }) => textAt(properties, 'ServiceToken')),
  )
  return stack
    .of('AWS::Lambda::Function')
    .filter(({ name }) => !providers.has(functionArn(name)))
    .map((resource) => specOf(resource, assembly))
}
