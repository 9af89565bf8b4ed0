// DynamoDB stream -> function: finds the shards, reads each after its parent, and hands what fails for good to the
// mapping's failure destination.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Table } from '../emulators/tables.ts'
import type { FunctionPool } from '../functions/pool.ts'
import { type AwsCaller, AwsError } from '../gate/aws-call.ts'
import type { Role } from '../gate/grants.ts'
import { isAllowed } from '../gate/policy.ts'
import { findNumber, listAt } from '../json.ts'
import type { AwsMetrics } from '../metrics/aws-metrics.ts'
import { LocalProblem } from '../problem.ts'
import { ACCOUNT_ID } from '../template/intrinsics.ts'
import { queueArn } from '../template/resource-types.ts'
import { DONE, openCheckpoints } from './checkpoints.ts'
import { failureMessage } from './failure-message.ts'
import type { Mapping } from './mapping.ts'
import { type ShardReader, shardsOf, startShardReader } from './shard-reader.ts'
import type { Source } from './source.ts'
import { workOffBatch } from './stream-batch.ts'
import type { TableNews } from './table-news.ts'

export type StreamSourceDeps = {
  readonly mapping: Mapping
  readonly table: Table
  readonly pool: FunctionPool
  /** Calls through the gate, as the function. */
  readonly call: AwsCaller
  readonly checkpointPath: string | undefined
  readonly news: TableNews
  readonly role: Role
  readonly gateUrl: string
  readonly metrics: Pick<AwsMetrics, 'batchHandedOver'>
  readonly onTrouble: (error: unknown) => void
}

const SHARD_LOOK_MS = 1_000

/** Starts reading; throws LocalProblem when the function's role does not let it read the stream. */
export const startStreamSource = async (deps: StreamSourceDeps): Promise<Source> => {
  const { mapping, table, pool, call, news } = deps
  const { stream } = table
  if (stream === undefined)
    throw new LocalProblem(`${mapping.id} reads the stream of the table ${table.name}, which has none.`)
  const checkpoints = openCheckpoints(deps.checkpointPath, stream.localArn)
  const readers = new Map<string, ShardReader>()
  const stopping = new AbortController()
  const { signal } = stopping
  // LATEST is meant once, when the mapping is made; shards that appear later are read whole.
  const start = mapping.startingPosition === 'LATEST' && checkpoints.isEmpty() ? 'LATEST' : 'TRIM_HORIZON'

  const { failureQueue } = mapping
  if (failureQueue !== undefined && !isAllowed(deps.role.statements, 'sqs:SendMessage', queueArn(failureQueue)))
    throw new LocalProblem(
      `${mapping.id}: the role of ${pool.spec.name} may not send to its failure destination ${failureQueue}; AWS refuses such a mapping.`,
    )
  const report = async (message: string): Promise<void> => {
    if (failureQueue === undefined) return
    await call('sqs', 'SendMessage', {
      QueueUrl: `${deps.gateUrl}/${ACCOUNT_ID}/${failureQueue}`,
      MessageBody: message,
    }).catch(deps.onTrouble)
  }

  const startReader = (shardId: string, from: 'LATEST' | 'TRIM_HORIZON'): ShardReader =>
    startShardReader({
      call,
      mapping,
      shardId,
      stream,
      checkpoints,
      start: from,
      signal,
      partitionKey: table.partitionKey,
      onTrouble: deps.onTrouble,
      waitForNews: (limitMs) => news.wait(table.name, limitMs),
      workOff: (batch, done) =>
        workOffBatch(batch, {
          mapping,
          signal,
          done,
          invoke: (event) => {
            const last = listAt(event, 'Records').at(-1)
            const createdSeconds = findNumber(last, 'dynamodb', 'ApproximateCreationDateTime')
            if (createdSeconds !== undefined) deps.metrics.batchHandedOver(pool.spec.name, createdSeconds * 1_000)
            return pool.invoke(event)
          },
          giveUp: async (givenUp) => {
            await report(failureMessage(givenUp, pool.spec.arn, stream.arn, shardId))
            done(givenUp.records)
          },
        }),
    })

  const lookForShards = async (from: 'LATEST' | 'TRIM_HORIZON'): Promise<void> => {
    const shards = await shardsOf(call, stream.localArn)
    const ids = new Set(shards.map(({ id }) => id))
    for (const { id, parentId } of shards) {
      const parentDone = parentId === undefined || !ids.has(parentId) || checkpoints.get(parentId) === DONE
      if (!readers.has(id) && parentDone && checkpoints.get(id) !== DONE) readers.set(id, startReader(id, from))
    }
  }

  try {
    await call('streams', 'ListStreams', { TableName: table.name })
    await lookForShards(start)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new LocalProblem(`${mapping.id} cannot read the stream of ${table.name}: ${error.message}`)
  }
  const watching = (async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(SHARD_LOOK_MS, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await lookForShards('TRIM_HORIZON').catch(deps.onTrouble)
    }
  })()

  return {
    name: mapping.id,
    pendingCount: () => [...readers.values()].reduce((sum, reader) => sum + reader.pendingCount(), 0),
    isIdle: () => {
      const lastWriteMs = news.lastWriteMs(table.name)
      return [...readers.values()].every((reader) => reader.pendingCount() === 0 && reader.emptySinceMs() > lastWriteMs)
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([watching, ...[...readers.values()].map(({ finished }) => finished)])
    },
    flush: checkpoints.flush,
  }
}
