// Starts what stands for AWS's services, as far as the stack has resources of their kind.
import { join } from 'node:path'
import { type Buckets, type ObjectEvent, startBuckets } from '../emulators/buckets.ts'
import { type DynamoDbLocal, startDynamoDbLocal } from '../emulators/dynamodb-local.ts'
import { checkJava } from '../emulators/java.ts'
import { type Queues, startQueues } from '../emulators/queues.ts'
import { openSecrets, type Secrets } from '../emulators/secrets.ts'
import { makeTable, type Table } from '../emulators/tables.ts'
import { makeAwsCaller } from '../gate/aws-call.ts'
import type { Credentials } from '../gate/caller.ts'
import type { Upstream } from '../gate/forward.ts'
import type { Stack } from '../template/stack.ts'
import type { DataFolder } from './data-folder.ts'
import type { Stopping } from './stopping.ts'

const TABLE_TYPES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']

export type Emulators = {
  readonly dynamodb: DynamoDbLocal | undefined
  readonly tables: ReadonlyMap<string, Table>
  readonly buckets: Buckets
  readonly queues: Queues
  readonly secrets: Secrets
}

/** Throws LocalProblem when the machine lacks what the stack's resources need; starts nothing. */
export const checkMachine = (stack: Stack): void => {
  if (stack.of(...TABLE_TYPES).length > 0) checkJava()
}

export const startEmulators = async (
  stack: Stack,
  folder: DataFolder,
  operator: Credentials,
  onObject: (event: ObjectEvent) => void,
  stopping: Stopping,
): Promise<Emulators> => {
  const tableResources = stack.of(...TABLE_TYPES)
  const starting = {
    dynamodb:
      tableResources.length === 0
        ? Promise.resolve(undefined)
        : startDynamoDbLocal(folder.dynamodb, join(folder.logs, 'dynamodb-local.log')),
    buckets: startBuckets(stack.of('AWS::S3::Bucket'), folder.buckets, onObject),
    queues: startQueues(stack.of('AWS::SQS::Queue')),
  }
  // Whatever started is stopped, also when one of them fails.
  for (const each of Object.values(starting))
    stopping.add(() =>
      each.then(
        (started) => started?.stop(),
        () => undefined,
      ),
    )
  const [dynamodb, buckets, queues] = await Promise.all([starting.dynamodb, starting.buckets, starting.queues])
  const secrets = openSecrets(folder.secrets)
  for (const secret of stack.of('AWS::SecretsManager::Secret')) secrets.ensure(secret)
  const tables = new Map<string, Table>()
  if (dynamodb !== undefined) {
    const call = makeAwsCaller(dynamodb.upstream, operator)
    for (const resource of tableResources) tables.set(resource.name, await makeTable(call, resource))
  }
  return { dynamodb, tables, buckets, queues, secrets }
}

/** The address of an emulator; asked for by a request that its resources alone can cause. */
export const upstreamOf = (started: { readonly upstream: Upstream } | undefined): Upstream => {
  if (started === undefined) throw new Error('The stack has no resource of this service, so nothing stands for it.')
  return started.upstream
}
