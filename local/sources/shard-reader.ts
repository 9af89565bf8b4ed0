// Reads one shard of a stream from its checkpoint on, as the function, and gives its records to the lanes. The checkpoint
// moves only past records that are done, so whatever a crash interrupts is read again.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AwsCaller, AwsError } from '../gate/aws-call.ts'
import { findText, listAt, textAt } from '../json.ts'
import { type Checkpoints, DONE } from './checkpoints.ts'
import { makeLane } from './lane.ts'
import type { Mapping } from './mapping.ts'
import { type StreamRecord, streamRecordOf } from './stream-record.ts'

export type ShardReader = {
  /** Records read and not yet done. */
  readonly pendingCount: () => number
  /** When the latest read that found nothing was begun (performance.now()). */
  readonly emptySinceMs: () => number
  readonly finished: Promise<void>
}
export type ShardReaderDeps = {
  readonly call: AwsCaller
  readonly mapping: Mapping
  readonly shardId: string
  readonly stream: { readonly localArn: string; readonly arn: string }
  readonly partitionKey: string
  readonly checkpoints: Checkpoints
  /** Where to start without a checkpoint. */
  readonly start: 'TRIM_HORIZON' | 'LATEST'
  readonly workOff: (batch: readonly StreamRecord[], done: (records: readonly StreamRecord[]) => void) => Promise<void>
  /** Resolves early when somebody writes to the table. */
  readonly waitForNews: (limitMs: number) => Promise<void>
  readonly onTrouble: (error: unknown) => void
  readonly signal: AbortSignal
}

const IDLE_DELAY_MS = 100
const TROUBLE_DELAY_MS = 500
const READ_LIMIT = 1_000

export const startShardReader = (deps: ShardReaderDeps): ShardReader => {
  const { call, mapping, shardId, stream, checkpoints, signal } = deps
  /** Sequence numbers in the order of reading -> whether they are done. */
  const pending = new Map<string, boolean>()
  let emptySince = Number.NEGATIVE_INFINITY

  const markDone = (records: readonly StreamRecord[]): void => {
    for (const { sequenceNumber } of records) if (pending.has(sequenceNumber)) pending.set(sequenceNumber, true)
    let reached: string | undefined
    for (const [sequenceNumber, isDone] of pending) {
      if (!isDone) break
      reached = sequenceNumber
      pending.delete(sequenceNumber)
    }
    if (reached !== undefined) checkpoints.set(shardId, reached)
  }

  const lanes = Array.from({ length: mapping.lanes }, () =>
    makeLane({
      batchSize: mapping.batchSize,
      windowMs: mapping.windowMs,
      signal,
      workOff: (batch) => deps.workOff(batch, markDone),
    }),
  )
  const laneOf = (partition: string): (typeof lanes)[number] | undefined =>
    lanes[lanes.length === 1 ? 0 : createHash('md5').update(partition).digest().readUInt32BE(0) % lanes.length]

  const openIterator = async (): Promise<string | undefined> => {
    const after = [...pending.keys()].at(-1) ?? checkpoints.get(shardId)
    const position =
      after === undefined
        ? { ShardIteratorType: deps.start }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }
    try {
      return findText(
        await call(
          'streams',
          'GetShardIterator',
          { StreamArn: stream.localArn, ShardId: shardId, ...position },
          signal,
        ),
        'ShardIterator',
      )
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'TrimmedDataAccessException') throw error
      return findText(
        await call(
          'streams',
          'GetShardIterator',
          { StreamArn: stream.localArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' },
          signal,
        ),
        'ShardIterator',
      )
    }
  }

  const accept = (record: StreamRecord): void => {
    pending.set(record.sequenceNumber, false)
    if (mapping.accepts(record.event)) laneOf(record.partition)?.push(record)
    else markDone([record])
  }

  const read = async (): Promise<void> => {
    const highWater = Math.max(READ_LIMIT, mapping.batchSize * mapping.lanes * 2)
    let iterator = await openIterator()
    while (iterator !== undefined && !signal.aborted) {
      if (pending.size >= highWater) {
        await sleep(10)
        continue
      }
      const begunMs = performance.now()
      const answer = await call('streams', 'GetRecords', { ShardIterator: iterator, Limit: READ_LIMIT }, signal)
      const records = listAt(answer, 'Records')
      for (const raw of records) accept(streamRecordOf(raw, stream.arn, deps.partitionKey))
      iterator = findText(answer, 'NextShardIterator')
      if (records.length > 0) continue
      emptySince = begunMs
      if (iterator !== undefined) await deps.waitForNews(IDLE_DELAY_MS)
    }
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await read()
        break
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof AwsError && error.code === 'ExpiredIteratorException')) deps.onTrouble(error)
        await sleep(TROUBLE_DELAY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
    // The shard is closed: it is over when its last record is done.
    while (pending.size > 0 && !signal.aborted) await sleep(20)
    if (!signal.aborted) {
      checkpoints.set(shardId, DONE)
      emptySince = Number.POSITIVE_INFINITY
    }
  }
  return { pendingCount: () => pending.size, emptySinceMs: () => emptySince, finished: run() }
}

/** The shards of a stream with their parents, oldest first. */
export const shardsOf = async (
  call: AwsCaller,
  localArn: string,
): Promise<{ readonly id: string; readonly parentId: string | undefined }[]> => {
  const found: { id: string; parentId: string | undefined }[] = []
  let from: string | undefined
  do {
    const answer = await call('streams', 'DescribeStream', {
      StreamArn: localArn,
      ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
    })
    const shards = listAt(answer, 'StreamDescription', 'Shards')
    for (const shard of shards) found.push({ id: textAt(shard, 'ShardId'), parentId: findText(shard, 'ParentShardId') })
    from = findText(answer, 'StreamDescription', 'LastEvaluatedShardId')
  } while (from !== undefined)
  return found
}
