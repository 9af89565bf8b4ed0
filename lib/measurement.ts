// How events become outcomes: the stream of `events` feeds the measuring function. Every limit is set, so that nothing is
// tried for ever, and what is given up waits in a queue.
import { Duration, Validations } from 'aws-cdk-lib'
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { type CustomEvent, leftKind } from '../contract/custom-event.ts'
import { retention } from '../contract/retention.ts'
import type { MessageEvent, ServeEvent } from '../contract/stored-event.ts'
import type { LambdaFunction } from './lambda-function.ts'
import type { Tables } from './tables.ts'

export interface MeasurementProps {
  readonly tables: Tables
  readonly measure: LambdaFunction<'MeasureOutcomes'>
}

/** Kinds of events that change outcomes; bodies set aside and expiries would only wake the function. */
const measuredKinds: (MessageEvent | ServeEvent)['kind'][] = ['message', 'serve']
/** The only kind that may change, or go, and then be measured again. */
const changingKind: CustomEvent['kind'] = 'custom'

export class Measurement extends Construct {
  /** Where the stream leaves word of records that could not be measured: which shard and from where to where, not the records. */
  readonly failures: Queue

  constructor(scope: Construct, id: string, { tables, measure }: MeasurementProps) {
    super(scope, id)
    this.failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retention.messages.keeps.days),
    })
    Validations.of(this.failures).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself the dead end of an event source, which the rule does not look at; nothing consumes it.',
    })
    tables.grantStreamRead(measure)
    measure.allow(['sqs:SendMessage'], [this.failures.queueArn])
    new EventSourceMapping(this, 'Stream', {
      target: measure.resource,
      eventSourceArn: tables.eventsStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // A batch pays for a results row once, so a second of gathering is worth its delay.
      maxBatchingWindow: Duration.seconds(1),
      // Four batches of a shard at once, still in order within a partition key. More only race for the same persons.
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // With their pauses these span several minutes: passing faults pass, poison is soon out of the way of its shard.
      retryAttempts: 20,
      // Half of the 24 h that a stream keeps its records, so that what lies in the queue can still be read from it.
      maxRecordAge: Duration.hours(12),
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { kind: { S: FilterRule.or(...measuredKinds) } } },
        }),
        FilterCriteria.filter({
          eventName: FilterRule.or('INSERT', 'MODIFY'),
          dynamodb: { NewImage: { kind: { S: FilterRule.isEqual(changingKind) } } },
        }),
        // An event that stands somewhere else now left a mark.
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('MODIFY'),
          dynamodb: { NewImage: { kind: { S: FilterRule.isEqual(leftKind) } } },
        }),
        // What DynamoDB itself removes has expired, and is no news.
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('REMOVE'),
          userIdentity: { principalId: FilterRule.notExists() },
          dynamodb: { OldImage: { kind: { S: FilterRule.isEqual(changingKind) } } },
        }),
      ],
    })
  }
}
