// How dropped files become events: the bucket tells a queue of notices, the planner cuts files into ranges, a queue of ranges
// feeds the loader, and a schedule heals what any of them lost. What is given up waits in a queue beside each.
import { CfnResource, Duration, Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnPermission, EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
import { retention } from '../contract/retention.ts'
import type { DataBucket } from './data-bucket.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** Seconds that each function may take. A planner reads the largest file once; a loader writes some 7,000 rows. */
export const planTimeoutSeconds = 900
export const loadTimeoutSeconds = 240
export const reconcileTimeoutSeconds = 300

/** AWS's own advice, so that a message is not given out again while it is worked on or waits for a throttled function. */
const visibilityTimes = 6
/** Then it is given up; the reconciler sends its range again, until the import is given up too. */
const maxReceives = 5
/** Loaders at once. One import has at most ten ranges on their way, so two of the largest leave nobody waiting. */
const loadersAtOnce = 20
const plannersAtOnce = 5
const reconcileMinutes = 15

type FileFunctions = {
  readonly [F in 'PlanCustomEvents' | 'LoadCustomEvents' | 'ReconcileFiles']: LambdaFunction<F>
}

export class FileLoading extends Construct {
  readonly notices: Queue
  readonly ranges: Queue

  constructor(scope: Construct, id: string, { bucket }: { readonly bucket: DataBucket }) {
    super(scope, id)
    this.notices = this.#queue('FileNotices', planTimeoutSeconds)
    this.ranges = this.#queue('FileRanges', loadTimeoutSeconds)
    // By account, not by the bucket's ARN: the bucket names the queue, so each would wait for the other.
    this.notices.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.notices.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    bucket.notify(this.notices, 'incoming/')
  }

  /** Gives the queues and the schedule their functions. */
  run({ PlanCustomEvents, LoadCustomEvents, ReconcileFiles }: FileFunctions): void {
    this.#consume(this.notices, PlanCustomEvents, plannersAtOnce)
    this.#consume(this.ranges, LoadCustomEvents, loadersAtOnce)
    this.#schedule(ReconcileFiles)
    this.grantSend(PlanCustomEvents, this.ranges)
    this.grantSend(PlanCustomEvents, this.notices)
    this.grantSend(LoadCustomEvents, this.ranges)
    this.grantSend(LoadCustomEvents, this.notices)
    this.grantSend(ReconcileFiles, this.ranges)
    this.grantSend(ReconcileFiles, this.notices)
    ReconcileFiles.allow(['sqs:GetQueueAttributes'], [this.ranges.queueArn])
  }

  grantSend(lambda: LambdaFunction<FunctionName>, queue: Queue): void {
    lambda.allow(['sqs:SendMessage'], [queue.queueArn])
  }

  #queue(id: string, timeoutSeconds: number): Queue {
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retention.messages.keeps.days),
    }
    const failed = named(new Queue(this, `${id}Failed`, common))
    const visibilityTimeout = Duration.seconds(timeoutSeconds * visibilityTimes)
    const deadLetterQueue = { queue: failed, maxReceiveCount: maxReceives }
    return named(new Queue(this, id, { ...common, visibilityTimeout, deadLetterQueue }))
  }

  #consume(queue: Queue, lambda: LambdaFunction<FunctionName>, maxConcurrency: number): void {
    lambda.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn])
    new EventSourceMapping(this, `${queue.node.id}To${lambda.name}`, {
      target: lambda.resource,
      eventSourceArn: queue.queueArn,
      batchSize: 1,
      maxConcurrency,
      reportBatchItemFailures: true,
    })
  }

  #schedule(lambda: LambdaFunction<FunctionName>): void {
    const rule = new CfnRule(this, 'Reconciling', {
      description: 'Loads files that nobody announced and takes up imports that stand still',
      scheduleExpression: `rate(${reconcileMinutes} minutes)`,
      targets: [{ id: 'ReconcileFiles', arn: lambda.resource.functionArn }],
    })
    new CfnPermission(this, 'ReconcilingPermission', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.resource.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  }
}

/** Called in the template what it is called here. */
function named(queue: Queue): Queue {
  const { defaultChild } = queue.node
  if (CfnResource.isCfnResource(defaultChild)) defaultChild.overrideLogicalId(queue.node.id)
  return queue
}
