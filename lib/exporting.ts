// How days are exported: a schedule that sends word of every org, the queue that it goes through, and the function that
// takes one org forward at a time.
import { Duration } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { retention } from '../contract/retention.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** Three and a half minutes of slices, and the one that was under way when they were over. */
export const exportTimeoutSeconds = 300
/** AWS's own advice, so that a message is not given out again while it is worked on: a killed export goes on after that. */
const visibilityTimes = 6
const maxReceives = 3
/** Exports wait for nobody, and must not take what answers need. */
const orgsAtOnce = 2
/** UTC: late enough for the last events of the day before to have been measured, early enough for the morning in Europe. */
const hour = 3

export class Exporting extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retention.messages.keeps.days),
    }
    this.queue = new Queue(this, 'Exports', {
      ...common,
      visibilityTimeout: Duration.seconds(exportTimeoutSeconds * visibilityTimes),
      deadLetterQueue: { queue: new Queue(this, 'ExportsFailed', common), maxReceiveCount: maxReceives },
    })
  }

  /** Gives the queue and the schedule their function. */
  run(lambda: LambdaFunction<'ExportDays'>): void {
    lambda.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.queue.queueArn])
    lambda.allow(['sqs:SendMessage'], [this.queue.queueArn])
    new EventSourceMapping(this, 'Messages', {
      target: lambda.resource,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      maxConcurrency: orgsAtOnce,
      reportBatchItemFailures: true,
    })
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Has every org export the days that are over or have changed',
      scheduleExpression: `cron(0 ${hour} * * ? *)`,
      targets: [{ id: 'ExportDays', arn: lambda.resource.functionArn }],
    })
    new CfnPermission(this, 'SchedulePermission', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}
