// The stream's event source: nothing is tried for ever, nothing blocks its shard for long, nothing is dropped unseen.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { quarantinedSchema } from '../../contract/quarantined.ts'
import { messageEventSchema, serveEventSchema } from '../../contract/stored-event.ts'
import { onlyOf, templateOf } from './synthesized.ts'

const { properties } = onlyOf(templateOf('prod'), 'AWS::Lambda::EventSourceMapping', 'Measurement')
const streamKeepsSeconds = 24 * 60 * 60

it('feeds the measuring function from the stream of the events', () => {
  expect(properties.EventSourceArn).toEqual({ 'Fn::GetAtt': ['EventsTable', 'StreamArn'] })
  expect(properties.FunctionName).toEqual({ Ref: 'MeasureOutcomes' })
})

it('starts with the oldest record, so that a new deployment misses none', () =>
  expect(properties.StartingPosition).toBe('TRIM_HORIZON'))

it('gathers up to 100 records for up to a second', () =>
  expect(properties).toMatchObject({ BatchSize: 100, MaximumBatchingWindowInSeconds: 1 }))

it('works on several batches of a shard at once', () => expect(properties.ParallelizationFactor).toBe(4))

it('tries a batch again, but not for ever', () => expect(properties.MaximumRetryAttempts).toBe(20))

it('gives up while the stream still holds the record', () => {
  expect(properties.MaximumRecordAgeInSeconds).toBeGreaterThan(0)
  expect(properties.MaximumRecordAgeInSeconds).toBeLessThan(streamKeepsSeconds)
})

it('halves a batch that failed, so that one bad record stops none of the others', () =>
  expect(properties.BisectBatchOnFunctionError).toBe(true))

it('tries only the records that failed', () =>
  expect(properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']))

it('leaves word of what it gave up in the queue of failures', () => {
  const { id } = onlyOf(templateOf('prod'), 'AWS::SQS::Queue', 'Measurement')
  expect(properties.DestinationConfig).toEqual({ OnFailure: { Destination: { 'Fn::GetAtt': [id, 'Arn'] } } })
})

it('wakes the function for new messages and serves, and for custom events that come, change, move or are removed', () => {
  const patternSchema = z.object({ Filters: z.array(z.object({ Pattern: z.string() })) })
  const patterns = patternSchema.parse(properties.FilterCriteria).Filters.map(({ Pattern }) => JSON.parse(Pattern))
  const kinds = [messageEventSchema, serveEventSchema].flatMap(({ shape }) => [...shape.kind._zod.def.values])
  expect(patterns).toEqual([
    { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: kinds } } } },
    { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { kind: { S: ['custom'] } } } },
    { eventName: ['MODIFY'], dynamodb: { NewImage: { kind: { S: ['left'] } } } },
    {
      eventName: ['REMOVE'],
      userIdentity: { principalId: [{ exists: false }] },
      dynamodb: { OldImage: { kind: { S: ['custom'] } } },
    },
  ])
  expect(kinds).not.toContain(quarantinedSchema.shape.kind._zod.def.values[0])
})
