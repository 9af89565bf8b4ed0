// An event source mapping as the template declares it, with Lambda's defaults filled in.
import { findNumber, findText, type Json, recordAt, textAt, textsAt } from '../json.ts'
import type { Resource } from '../template/stack.ts'
import { makeFilter } from './filter.ts'

export type Mapping = {
  readonly id: string
  readonly functionName: string
  readonly sourceArn: string
  readonly batchSize: number
  readonly windowMs: number
  readonly startingPosition: string
  readonly accepts: (record: Json) => boolean
  /** -1: for ever. */
  readonly maxRetries: number
  /** -1: for ever. */
  readonly maxAgeMs: number
  readonly bisects: boolean
  readonly reportsFailures: boolean
  readonly lanes: number
  readonly failureQueue: string | undefined
  readonly maxConcurrency: number | undefined
}

export const mappingOf = ({ id, properties }: Resource): Mapping => {
  const sourceArn = textAt(properties, 'EventSourceArn')
  const isStream = sourceArn.includes('/stream/')
  const maxAgeSeconds = findNumber(properties, 'MaximumRecordAgeInSeconds') ?? -1
  const destination = findText(properties, 'DestinationConfig', 'OnFailure', 'Destination')
  return {
    id,
    functionName: textAt(properties, 'FunctionName').split(':').at(-1) ?? '',
    sourceArn,
    batchSize: findNumber(properties, 'BatchSize') ?? (isStream ? 100 : 10),
    windowMs: (findNumber(properties, 'MaximumBatchingWindowInSeconds') ?? 0) * 1_000,
    startingPosition: findText(properties, 'StartingPosition') ?? 'TRIM_HORIZON',
    accepts: makeFilter(recordAt(properties, 'FilterCriteria')),
    maxRetries: findNumber(properties, 'MaximumRetryAttempts') ?? -1,
    maxAgeMs: maxAgeSeconds < 0 ? -1 : maxAgeSeconds * 1_000,
    bisects: findText(properties, 'BisectBatchOnFunctionError') === 'true',
    reportsFailures: textsAt(properties, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
    lanes: findNumber(properties, 'ParallelizationFactor') ?? 1,
    failureQueue: destination?.includes(':sqs:') === true ? destination.split(':').at(-1) : undefined,
    maxConcurrency: findNumber(properties, 'ScalingConfig', 'MaximumConcurrency'),
  }
}
