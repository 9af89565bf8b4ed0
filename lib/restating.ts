// How results are counted anew after a setting changed: a queue of restatements, the function that takes them forward, and a
// schedule that finds those whose message was lost.
import { Duration } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { retention } from '../contract/retention.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** A slice of four minutes, and what it was doing when they were over. */
export const remeasureTimeoutSeconds = 300
/** AWS's own advice, so that a message is not given out again while it is worked on. */
const visibilityTimes = 6
/** A restatement that failed so often waits for the schedule, which sends word of it again. */
const maxReceives = 3
const restatementsAtOnce = 2
const scheduleMinutes = 5

export class Restating extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retention.messages.keeps.days),
    }
    this.queue = new Queue(this, 'Restatements', {
      ...common,
      visibilityTimeout: Duration.seconds(remeasureTimeoutSeconds * visibilityTimes),
      deadLetterQueue: { queue: new Queue(this, 'RestatementsFailed', common), maxReceiveCount: maxReceives },
    })
  }

  /** Lets a function send word of a restatement. */
  grantSend(lambda: LambdaFunction<'RemeasureOutcomes' | 'Manage'>): void {
    lambda.allow(['sqs:SendMessage'], [this.queue.queueArn])
  }

  /** Gives the queue and the schedule their function. */
  run(lambda: LambdaFunction<'RemeasureOutcomes'>): void {
    lambda.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.queue.queueArn])
    this.grantSend(lambda)
    new EventSourceMapping(this, 'Messages', {
      target: lambda.resource,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      maxConcurrency: restatementsAtOnce,
      reportBatchItemFailures: true,
    })
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Sends word of the restatements under way',
      scheduleExpression: `rate(${scheduleMinutes} minutes)`,
      targets: [{ id: 'RemeasureOutcomes', arn: lambda.resource.functionArn }],
    })
    new CfnPermission(this, 'SchedulePermission', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}
