// How orgs are told: a schedule that has their state looked at, a queue of deliveries, and the function that makes them. Where
// deliveries may go besides the public internet are parameters, which name nothing by default.
import { CfnParameter, Duration } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
import { retention } from '../contract/retention.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** The most that Lambda gives: a minute or two for some thousand templates, as the weights take. */
export const evaluateTimeoutSeconds = 900
/** One try takes 5 s at most. */
export const deliverTimeoutSeconds = 30
const visibilityTimes = 6
const maxReceives = 5
const deliveriesAtOnce = 5
const scheduleMinutes = 30

export class Alerting extends Construct {
  readonly queue: Queue
  readonly failed: Queue
  readonly testHosts: string
  readonly testCa: string

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retention.messages.keeps.days),
    }
    this.failed = new Queue(this, 'DeliveriesFailed', common)
    this.queue = new Queue(this, 'Deliveries', {
      ...common,
      visibilityTimeout: Duration.seconds(deliverTimeoutSeconds * visibilityTimes),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: maxReceives },
    })
    this.testHosts = new CfnParameter(scope, 'AlertTestHosts', {
      description: 'Test servers that alerts may go to: name=address, by commas',
      default: 'none',
      allowedPattern: '^none$|^[a-z0-9.-]+=[0-9a-f.:]+(,[a-z0-9.-]+=[0-9a-f.:]+)*$',
    }).valueAsString
    this.testCa = new CfnParameter(scope, 'AlertTestCa', {
      description: 'Who vouches for the certificates of test servers, as PEM',
      default: 'none',
    }).valueAsString
  }

  grantSend(lambda: LambdaFunction<FunctionName>, queue: Queue): void {
    lambda.allow(['sqs:SendMessage'], [queue.queueArn])
  }

  /** Gives the schedule and the queue their functions. */
  run(functions: {
    readonly EvaluateAlerts: LambdaFunction<'EvaluateAlerts'>
    readonly DeliverAlerts: LambdaFunction<'DeliverAlerts'>
  }): void {
    const { EvaluateAlerts: evaluate, DeliverAlerts: deliver } = functions
    deliver.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.queue.queueArn])
    new EventSourceMapping(this, 'Messages', {
      target: deliver.resource,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      maxConcurrency: deliveriesAtOnce,
      reportBatchItemFailures: true,
    })
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Has the state of every org looked at for what is news',
      scheduleExpression: `rate(${scheduleMinutes} minutes)`,
      targets: [{ id: 'EvaluateAlerts', arn: evaluate.resource.functionArn }],
    })
    new CfnPermission(this, 'SchedulePermission', {
      action: 'lambda:InvokeFunction',
      functionName: evaluate.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}
