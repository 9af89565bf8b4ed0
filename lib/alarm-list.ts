// What is watched, from the callers inwards. Each name is a heading of docs/runbook.md, and each alarm is seen to fire and to
// stay quiet by test/system/alarms.test.ts. Thresholds say why they are where they are; nothing here is told twice.
import { Duration } from 'aws-cdk-lib'
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import type { IConstruct } from 'constructs'
import type { FunctionName } from '../contract/function-name.ts'
import type { AlarmFacts } from './alarms.ts'
import { ofFunction, threeMinutesOfAnHour } from './function-alarms.ts'
import type { AnyFunction, LambdaFunction } from './lambda-function.ts'
import { functionMetric, stageMetric } from './own-metrics.ts'
import { ofTable } from './table-alarms.ts'

export interface Watched {
  readonly stage: string
  readonly functions: { readonly [F in FunctionName]: LambdaFunction<F> }
  /** By the name that the alarm gets. */
  readonly deadLetters: Readonly<Record<string, IQueue>>
  readonly tables: Readonly<Record<string, TableV2>>
}

const minute = Duration.minutes(1)
const quarter = Duration.minutes(15)
const hour = Duration.hours(1)
/** Longer than a deployment or a passing fault, shorter than anybody's patience. */
const mostOfFiveMinutes = { above: 3, of: 5 }
const once = { above: 1, of: 1 }

/** Customer.io hangs up after 4 s; at 1 s most of what it gives is left for the next surprise. */
const slowMs = 1_000
/** A blast is measured within minutes; a stream that falls behind by more has stopped. */
const streamBehindMs = 300_000
/** Bodies of a quarter of an hour that are set aside: fewer are somebody's test. And their share, in percent. */
const setAside = { atLeast: 10, percent: 1 }
/** The largest file is loaded within it, and the reconciler has been by twice to heal what was lost. */
const lateSeconds = 3_600
/** A night is missed, and the next morning half over. */
const recountSeconds = 36 * 3_600
/** Weights are computed every hour. */
const staleSeconds = 3 * 3_600
/** Of a function's own memory. */
const nearMemoryPercent = 90

/** Where the queues of a stack leave what they give up, each by the name of the queue: none is forgotten. */
export function deadLettersIn(scope: IConstruct): Record<string, IQueue> {
  const queues = scope.node.findAll().filter((child) => child instanceof Queue)
  return Object.fromEntries(
    queues.flatMap(({ node, deadLetterQueue }) => (deadLetterQueue ? [[node.id, deadLetterQueue.queue]] : [])),
  )
}

export function listAlarms(watched: Watched): AlarmFacts[] {
  return [...ofCallers(watched), ...ofMeasuring(watched), ...ofFiles(watched), ...ofResources(watched)]
}

function ofCallers({ stage, functions }: Watched): AlarmFacts[] {
  const { ReceiveCioWebhook, GenerateCopy, ReceiveCustomEvents } = functions
  const unanswered = new MathExpression({
    expression: 'FILL(answered, 0) + FILL(died, 0) + FILL(throttled, 0)',
    label: 'calls that were not taken',
    period: minute,
    usingMetrics: {
      answered: functionMetric(ReceiveCioWebhook, 'Answers5xx', 'Sum', minute),
      died: ReceiveCioWebhook.resource.metricErrors({ period: minute }),
      throttled: ReceiveCioWebhook.resource.metricThrottles({ period: minute }),
    },
  })
  const share = new MathExpression({
    expression: `IF(FILL(poison, 0) + FILL(conflict, 0) >= ${setAside.atLeast}, 100 * (FILL(poison, 0) + FILL(conflict, 0)) / (FILL(poison, 0) + FILL(conflict, 0) + FILL(taken, 0)), 0)`,
    label: 'percent of events set aside',
    period: quarter,
    usingMetrics: {
      poison: stageMetric(stage, 'Quarantined', 'Sum', quarter),
      conflict: stageMetric(stage, 'Conflict', 'Sum', quarter),
      taken: stageMetric(stage, 'Accepted', 'Sum', quarter),
    },
  })
  const slow = [ReceiveCioWebhook, GenerateCopy, ReceiveCustomEvents].map((of) => ({
    name: 'SlowAnswers',
    about: of.name,
    impact: `One answer in a hundred of ${of.name} takes longer than a second, so senders of messages begin to give up on us.`,
    metric: functionMetric(of, 'Latency', 'p99', minute),
    above: slowMs,
    periods: mostOfFiveMinutes,
    silence: 'quiet' as const,
  }))
  return [
    {
      name: 'WebhookUnavailable',
      impact: 'Customer.io’s events are not taken: results stand still, and what it tries again too often is lost.',
      metric: unanswered,
      above: 0,
      periods: threeMinutesOfAnHour,
      silence: 'quiet',
    },
    {
      name: 'WebhookRefused',
      impact:
        'Some org’s events have been refused in three hours or more, because its signing key here is not the one at Customer.io.',
      metric: stageMetric(stage, 'OrgsRefused', 'Maximum', hour),
      above: 0,
      periods: once,
      silence: 'quiet',
    },
    {
      name: 'SecretUnreadable',
      impact: 'Signatures of some org cannot be checked, so its events are not taken until its secret can be read.',
      metric: stageMetric(stage, 'SecretFailures', 'Sum', minute),
      above: 0,
      periods: threeMinutesOfAnHour,
      silence: 'quiet',
    },
    ...slow,
    {
      name: 'QuarantineGrowing',
      impact:
        'Events are set aside faster than a stray one explains: they are kept, and missing from results until replayed.',
      metric: share,
      above: setAside.percent,
      periods: { above: 2, of: 2 },
      silence: 'quiet',
    },
  ]
}

function ofMeasuring({ stage, functions }: Watched): AlarmFacts[] {
  return [
    {
      name: 'StreamBehind',
      impact: 'Results are older than they say; after 12 hours events would be given up to the queue of failures.',
      metric: lambdaMetric(functions.MeasureOutcomes, 'IteratorAge'),
      above: streamBehindMs,
      periods: mostOfFiveMinutes,
      silence: 'quiet',
    },
    {
      name: 'CountersDrift',
      impact: 'Some results are not the sum of what became of each message: they are wrong until they are mended.',
      metric: stageMetric(stage, 'RecountDrift', 'Maximum', hour),
      above: 0,
      periods: once,
      silence: 'quiet',
    },
    {
      name: 'EventsUnaccounted',
      impact: 'Events were accepted and are counted nowhere: some results are too low until they are measured again.',
      metric: stageMetric(stage, 'Unaccounted', 'Maximum', hour),
      above: 0,
      periods: once,
      silence: 'quiet',
    },
    {
      name: 'RecountStale',
      impact: 'Nobody has recounted some org since the night before last, so wrong results would go unseen.',
      metric: stageMetric(stage, 'RecountAge', 'Maximum', hour),
      above: recountSeconds,
      periods: { above: 3, of: 3 },
      silence: 'alarming',
    },
    {
      name: 'AllocationsStale',
      impact: 'Weights of some template no longer learn: people go on getting copy that is known to be worse.',
      metric: stageMetric(stage, 'AllocationAge', 'Maximum', hour),
      above: staleSeconds,
      periods: { above: 3, of: 3 },
      silence: 'alarming',
    },
    {
      name: 'AlertsStale',
      impact: 'Nobody has looked at the state of some org for hours, so it is not told of what it asked to be told of.',
      metric: stageMetric(stage, 'OrgsUnjudged', 'Maximum', hour),
      above: 0,
      periods: { above: 3, of: 3 },
      silence: 'alarming',
    },
  ]
}

function ofFiles({ stage }: Watched): AlarmFacts[] {
  const halfHour = Duration.minutes(30)
  return [
    {
      name: 'FileFailed',
      impact: 'A file that an org dropped could not be loaded; its purchases are missing from results.',
      metric: stageMetric(stage, 'FilesFailed', 'Sum', Duration.minutes(5)),
      above: 0,
      periods: once,
      silence: 'quiet',
    },
    {
      name: 'FileLate',
      impact: 'A file that an org dropped is not loaded after an hour; what it holds is missing from results.',
      metric: stageMetric(stage, 'OldestFileAge', 'Maximum', halfHour),
      above: lateSeconds,
      periods: { above: 2, of: 2 },
      silence: 'alarming',
    },
  ]
}

function ofResources({ stage, functions, deadLetters, tables }: Watched): AlarmFacts[] {
  const letters = Object.entries(deadLetters).map(([about, queue]) => ({
    name: 'DeadLetters',
    about,
    impact: 'Work was given up after its last attempt: it is missing until somebody sends it again.',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
    above: 0,
    periods: once,
    silence: 'quiet' as const,
  }))
  return [
    ...letters,
    ...Object.values(functions).flatMap(ofFunction),
    ...Object.entries(tables).map(([about, table]) => ofTable(about, table)),
    {
      name: 'NearMemory',
      impact: 'A function is about to run out of memory; then it ends in the middle of its work.',
      metric: stageMetric(stage, 'MemoryUsed', 'Maximum', quarter),
      above: nearMemoryPercent,
      periods: once,
      silence: 'quiet',
    },
  ]
}

/** For metrics of AWS/Lambda that CDK has no word for. */
function lambdaMetric(of: AnyFunction, metricName: string): IMetric {
  return of.resource.metric(metricName, { period: minute, statistic: 'Maximum' })
}
