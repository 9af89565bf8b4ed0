// One dashboard per stage, read from the top (is anyone hurt?) to the bottom (why?). It shows; alarms watch.
import { Duration, Stack } from 'aws-cdk-lib'
import {
  AlarmStatusWidget,
  Dashboard as DashboardResource,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { type MetricName, metricDimensions, metricNamespace, type metrics } from '../contract/metrics.ts'
import type { Watched } from './alarm-list.ts'
import { functionMetric, stageMetric } from './own-metrics.ts'

export interface DashboardProps extends Watched {
  readonly alarms: readonly IAlarm[]
}

type StageMetric = { [N in MetricName]: (typeof metrics)[N]['scope'] extends 'stage' ? N : never }[MetricName]

const fullWidth = 24
const third = 8
const period = Duration.minutes(5)
/** Orgs in a list: whoever is not among them is found by a query of one's own. */
const largestOrgs = 20

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id)
    new DashboardResource(this, 'Dashboard', {
      dashboardName: Stack.of(this).stackName,
      defaultInterval: Duration.hours(12),
      widgets: [
        [heading('Is anyone hurt? What to do about each alarm: docs/runbook.md')],
        [new AlarmStatusWidget({ width: fullWidth, height: 5, alarms: [...props.alarms] })],
        [heading('What callers get')],
        [...callers(props), turnedAway(props)],
        [heading('What becomes of events')],
        events(props),
        [heading('Files, recounts, weights and alerts')],
        files(props),
        [heading('Why: functions, tables, queues')],
        resources(props),
        [heading('Which org? The largest first')],
        [largest(props), ...orgs(props)],
      ],
    })
  }
}

function callers({ functions }: Watched): IWidget[] {
  const called = [functions.ReceiveCioWebhook, functions.GenerateCopy, functions.ReceiveCustomEvents]
  return called.map((of) =>
    graph(
      of.name,
      [
        functionMetric(of, 'Answers2xx', 'Sum', period),
        functionMetric(of, 'Answers401', 'Sum', period),
        functionMetric(of, 'Answers4xx', 'Sum', period),
        functionMetric(of, 'Answers5xx', 'Sum', period),
      ],
      [functionMetric(of, 'Latency', 'p50', period), functionMetric(of, 'Latency', 'p99', period)],
    ),
  )
}

/** Senders that are sent away by what is stored here, or cannot be read here. */
function turnedAway({ stage }: Watched): IWidget {
  const refused = stageMetric(stage, 'OrgsRefused', 'Maximum', Duration.hours(1))
  return graph('Signatures refused, secrets not read', sums(stage, ['SignaturesRefused', 'SecretFailures']), [refused])
}

function events({ stage, functions }: Watched): IWidget[] {
  return [
    graph('Arrived', sums(stage, ['Accepted', 'Duplicate', 'Conflict', 'Quarantined', 'Rejected'])),
    graph('Measured', sums(stage, ['RacesLost', 'Unmatched']), [stageMetric(stage, 'MeasureLag', 'Maximum', period)]),
    graph('Age of the stream, ms', [
      functions.MeasureOutcomes.resource.metric('IteratorAge', { statistic: 'Maximum', period }),
    ]),
  ]
}

function files({ stage }: Watched): IWidget[] {
  return [
    graph('Files', sums(stage, ['FilesComplete', 'FilesWithErrors', 'FilesFailed']), sums(stage, ['RowsRejected'])),
    graph('The file that waits longest, s', [stageMetric(stage, 'OldestFileAge', 'Maximum', period)]),
    graph('Recounted: drift, unaccounted; days refused by exports', [
      stageMetric(stage, 'RecountDrift', 'Maximum', Duration.hours(1)),
      stageMetric(stage, 'Unaccounted', 'Maximum', Duration.hours(1)),
      stageMetric(stage, 'ExportsRefused', 'Maximum', Duration.hours(1)),
    ]),
    graph('The org that waits longest to be recounted, s', [
      stageMetric(stage, 'RecountAge', 'Maximum', Duration.hours(1)),
    ]),
    graph('Weights that could not be computed, s', [stageMetric(stage, 'AllocationAge', 'Maximum', Duration.hours(1))]),
    graph('Orgs whose alerts could not be looked at', [
      stageMetric(stage, 'OrgsUnjudged', 'Maximum', Duration.hours(1)),
    ]),
  ]
}

function resources({ stage, functions, tables, deadLetters }: Watched): IWidget[] {
  const all = Object.values(functions)
  return [
    graph(
      'Errors',
      all.map(({ name, resource }) => resource.metricErrors({ label: name, period })),
    ),
    graph(
      'Throttled',
      all.map(({ name, resource }) => resource.metricThrottles({ label: name, period })),
    ),
    graph(
      'At once',
      all.map(({ name: label, resource }) =>
        resource.metric('ConcurrentExecutions', { label, statistic: 'Maximum', period }),
      ),
    ),
    graph(
      'Longest call, ms',
      all.map(({ name, resource }) => resource.metricDuration({ label: name, statistic: 'Maximum', period })),
    ),
    graph('Memory, percent of the fullest', [stageMetric(stage, 'MemoryUsed', 'Maximum', period)]),
    graph(
      'Units read',
      Object.entries(tables).map(([label, table]) => table.metricConsumedReadCapacityUnits({ label, period })),
    ),
    graph(
      'Units written',
      Object.entries(tables).map(([label, table]) => table.metricConsumedWriteCapacityUnits({ label, period })),
    ),
    graph(
      'Dead letters',
      Object.entries(deadLetters).map(([label, queue]) =>
        queue.metricApproximateNumberOfMessagesVisible({ label, statistic: 'Maximum', period }),
      ),
    ),
  ]
}

/** A series for each of the few orgs that have one. */
function largest({ stage }: Watched): IWidget {
  const series = { MetricName: 'OrgAccepted' satisfies MetricName, Stage: stage }
  const where = Object.entries(series).map(([name, value]) => `${name}="${value}"`)
  const schema = [metricNamespace, ...metricDimensions.org].join(',')
  const expression = `SEARCH('{${schema}} ${where.join(' ')}', 'Maximum')`
  return graph('Events of the latest days', [
    new MathExpression({ expression, label: '', period: Duration.days(1), usingMetrics: {} }),
  ])
}

function orgs({ functions }: Watched): IWidget[] {
  const logGroups = [functions.ReceiveCioWebhook, functions.ReceiveCustomEvents]
  const byOrg = (title: string, name: MetricName, lines: string[]) =>
    new LogQueryWidget({
      title,
      width: third,
      height: 6,
      view: LogQueryVisualizationType.TABLE,
      logGroupNames: logGroups.map(({ resource }) => resource.logGroup.logGroupName),
      queryLines: [`filter ispresent(${name})`, ...lines, `sort total desc`, `limit ${largestOrgs}`],
    })
  const sumOf = (name: MetricName) => [`stats sum(${name}) as total by Org`]
  return [
    byOrg('Events accepted', 'Accepted', sumOf('Accepted')),
    byOrg('Bodies set aside', 'Quarantined', sumOf('Quarantined')),
    byOrg('Signatures refused', 'SignaturesRefused', sumOf('SignaturesRefused')),
  ]
}

function sums(stage: string, names: readonly StageMetric[]): IMetric[] {
  return names.map((name) => stageMetric(stage, name, 'Sum', period))
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, width: third, height: 6, left, right })
}

function heading(markdown: string): TextWidget {
  return new TextWidget({ markdown: `## ${markdown}`, width: fullWidth, height: 1 })
}
