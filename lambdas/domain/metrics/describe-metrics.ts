// One log line that CloudWatch reads metrics from (embedded metric format, specification version 0). An org is a property of
// the line, by which logs can be searched, and a dimension only of the metrics that say so.
import {
  type MetricName,
  type MetricScope,
  type MetricValues,
  metricDimensions,
  metricNamespace,
  metrics,
} from '../../../contract/metrics.ts'

export interface MetricSource {
  readonly stage: string
  /** As deployed: `justai-prod-GenerateCopy`. */
  readonly functionName: string
}

/** The line as a value. @param atMs epoch milliseconds */
export function describeMetrics(
  { stage, functionName }: MetricSource,
  values: MetricValues,
  atMs: number,
  org?: string,
): Record<string, unknown> {
  const names = Object.keys(values).filter(isMetricName)
  const scopes = [...Map.groupBy(names, (name): MetricScope => metrics[name].scope)]
  return {
    _aws: {
      Timestamp: atMs,
      CloudWatchMetrics: scopes.map(([scope, members]) => ({
        Namespace: metricNamespace,
        Dimensions: [metricDimensions[scope]],
        Metrics: members.map((Name) => ({ Name, Unit: metrics[Name].unit })),
      })),
    },
    Stage: stage,
    FunctionName: functionName,
    ...(org !== undefined && { Org: org }),
    ...values,
  }
}

function isMetricName(name: string): name is MetricName {
  return name in metrics
}
