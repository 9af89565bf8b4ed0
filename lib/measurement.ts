// How events become outcomes: the stream of `events` feeds the measuring function. Every limit is set, so that nothing is
// tried for ever, and what is given up waits in a queue.
import { Duration } from 'aws-cdk-lib'
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { LambdaFunction } from './lambda-function.ts'
import type { Tables } from './tables.ts'

export interface MeasurementProps {
  readonly tables: Tables
  readonly measure: LambdaFunction<'MeasureOutcomes'>
}

/** Kinds of events that change outcomes; bodies set aside and expiries would only wake the function. */
const measuredKinds = ['message', 'serve']

export class Measurement extends Construct {
  /** Where the stream's records go that could not be measured. */
  readonly failures: Queue

  constructor(scope: Construct, id: string, { tables, measure }: MeasurementProps) {
    super(scope, id)
    this.failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const streamArn = tables.events.tableStreamArn
    if (streamArn === undefined) throw new Error('The events table has no stream')
    // The event source reads with the function's own role; these four are what Lambda asks for.
    const reads = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']
    measure.allow(
      reads.map((action) => `dynamodb:${action}`),
      [streamArn],
    )
    measure.allow(['sqs:SendMessage'], [this.failures.queueArn])
    new EventSourceMapping(this, 'Stream', {
      target: measure.resource,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // A batch pays for a results row once, so a second of gathering is worth its delay.
      maxBatchingWindow: Duration.seconds(1),
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // With their pauses these span several minutes: passing faults pass, poison is out of the way within the hour.
      retryAttempts: 20,
      maxRecordAge: Duration.hours(12),
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { kind: { S: FilterRule.or(...measuredKinds) } } },
        }),
      ],
    })
  }
}
