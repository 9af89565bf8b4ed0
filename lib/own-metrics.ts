// The metrics that our functions write, by the names of the contract, as alarms and dashboards ask for them.
import type { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { type MetricName, metricNamespace, type metrics } from '../contract/metrics.ts'
import type { AnyFunction } from './lambda-function.ts'

type NameOf<Scope> = { [N in MetricName]: (typeof metrics)[N]['scope'] extends Scope ? N : never }[MetricName]

/** A series of the stage. */
export function stageMetric(stage: string, name: NameOf<'stage'>, statistic: string, period: Duration): Metric {
  return new Metric({ ...named(name, statistic, period), dimensionsMap: { Stage: stage } })
}

/** A series of one function. */
export function functionMetric(of: AnyFunction, name: NameOf<'function'>, statistic: string, period: Duration): Metric {
  const dimensionsMap = { FunctionName: of.resource.functionName }
  return new Metric({ ...named(name, statistic, period), dimensionsMap })
}

function named(metricName: MetricName, statistic: string, period: Duration) {
  return { namespace: metricNamespace, metricName, statistic, period, label: metricName }
}
