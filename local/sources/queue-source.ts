// SQS queue -> function: long polling as the function, batches, partial failures, deletion of what succeeded. A message that
// fails stays hidden until its visibility timeout ends; moving it to a dead-letter queue is the queue's own business.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Queues } from '../emulators/queues.ts'
import type { FunctionPool } from '../functions/pool.ts'
import { type AwsCaller, AwsError } from '../gate/aws-call.ts'
import { type Json, type JsonRecord, listAt, recordAt, textAt, tryJson } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import { REGION } from '../template/intrinsics.ts'
import { verdictOf } from './batch-answer.ts'
import type { Mapping } from './mapping.ts'
import type { Source } from './source.ts'

export type QueueSourceDeps = {
  readonly mapping: Mapping
  readonly queueUrl: string
  readonly queues: Queues
  readonly pool: FunctionPool
  readonly call: AwsCaller
  readonly onTrouble: (error: unknown) => void
}

const POLL_SECONDS = 10
const TROUBLE_DELAY_MS = 500
/** SQS's limit on one receive or delete. */
const MAX_RECEIVE = 10

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const recordOf = (message: Json, queueArn: string): JsonRecord => ({
  messageId: textAt(message, 'MessageId'),
  receiptHandle: textAt(message, 'ReceiptHandle'),
  body: textAt(message, 'Body'),
  attributes: recordAt(message, 'Attributes'),
  messageAttributes: Object.fromEntries(
    Object.entries(recordAt(message, 'MessageAttributes')).map(([name, value]) => [
      name,
      {
        ...Object.fromEntries(Object.entries(recordAt(value)).map(([field, content]) => [lowerFirst(field), content])),
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  ),
  md5OfBody: textAt(message, 'MD5OfBody'),
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: REGION,
})

/** Starts polling; throws LocalProblem where AWS would refuse the mapping. */
export const startQueueSource = async (deps: QueueSourceDeps): Promise<Source> => {
  const { mapping, queueUrl, queues, pool, call } = deps
  const queueName = mapping.sourceArn.split(':').at(-1) ?? ''
  const visibilitySeconds = queues.visibilityTimeoutSeconds(queueName)
  if (visibilitySeconds * 1_000 < pool.spec.timeoutMs)
    throw new LocalProblem(
      `${mapping.id}: the queue ${queueName} hides a message for ${visibilitySeconds} s, less than the ${pool.spec.timeoutMs / 1_000} s that ${pool.spec.name} may take; AWS refuses such a mapping.`,
    )
  try {
    await call('sqs', 'GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['All'] })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new LocalProblem(`${mapping.id} cannot read the queue ${queueName}: ${error.message}`)
  }

  const stopping = new AbortController()
  const { signal } = stopping
  const concurrency = Math.max(1, Math.min(mapping.maxConcurrency ?? pool.spec.maxProcesses, pool.spec.maxProcesses))
  const running = new Set<Promise<void>>()
  let taken = 0

  const remove = async (records: readonly JsonRecord[]): Promise<void> => {
    for (let index = 0; index < records.length; index += MAX_RECEIVE) {
      const entries = records
        .slice(index, index + MAX_RECEIVE)
        .map((record, position) => ({ Id: String(position), ReceiptHandle: textAt(record, 'receiptHandle') }))
      await call('sqs', 'DeleteMessageBatch', { QueueUrl: queueUrl, Entries: entries })
    }
  }

  const workOff = async (records: readonly JsonRecord[]): Promise<void> => {
    const wanted = records.filter((record) =>
      mapping.accepts({ ...record, body: tryJson(textAt(record, 'body')) ?? textAt(record, 'body') }),
    )
    await remove(records.filter((record) => !wanted.includes(record)))
    if (wanted.length === 0) return
    const outcome = await pool.invoke({ Records: wanted })
    if (outcome.kind !== 'result') return
    const verdict = mapping.reportsFailures
      ? verdictOf(outcome.resultText, new Set(wanted.map((record) => textAt(record, 'messageId'))))
      : { kind: 'done' as const }
    if (verdict.kind === 'failed') return
    await remove(
      verdict.kind === 'done'
        ? wanted
        : wanted.filter((record) => !verdict.identifiers.has(textAt(record, 'messageId'))),
    )
  }

  const receive = async (max: number, waitSeconds: number): Promise<JsonRecord[]> => {
    const answer = await call(
      'sqs',
      'ReceiveMessage',
      {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(MAX_RECEIVE, max),
        WaitTimeSeconds: waitSeconds,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      signal,
    )
    return listAt(answer, 'Messages').map((message) => recordOf(message, mapping.sourceArn))
  }

  const gather = async (): Promise<JsonRecord[]> => {
    const batch = await receive(mapping.batchSize, POLL_SECONDS)
    const deadlineMs = Date.now() + mapping.windowMs
    while (batch.length > 0 && batch.length < mapping.batchSize && !signal.aborted) {
      const leftMs = deadlineMs - Date.now()
      const more = await receive(
        mapping.batchSize - batch.length,
        Math.max(0, Math.min(POLL_SECONDS, Math.floor(leftMs / 1_000))),
      )
      batch.push(...more)
      if (more.length > 0) continue
      if (leftMs <= 0 || mapping.windowMs === 0) break
      await sleep(Math.min(50, leftMs))
    }
    return batch
  }

  const polling = (async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const batch = await gather()
        if (batch.length === 0) continue
        taken += batch.length
        const work = workOff(batch)
          .catch(deps.onTrouble)
          .finally(() => {
            taken -= batch.length
            running.delete(work)
          })
        running.add(work)
        while (running.size >= concurrency) await Promise.race(running)
      } catch (error) {
        if (signal.aborted) break
        deps.onTrouble(error)
        await sleep(TROUBLE_DELAY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  })()

  return {
    name: mapping.id,
    pendingCount: () => taken,
    isIdle: () => {
      const { waiting, inFlight } = queues.countMessages(queueName)
      return taken === 0 && waiting === 0 && inFlight === 0
    },
    stop: async () => {
      stopping.abort()
      await polling
    },
    flush: () => undefined,
  }
}
