// What one HTTP answer adds to the metrics of its function.
import type { MetricValues } from '../../../contract/metrics.ts'

/** @param latencyMs since API Gateway took the request; clocks that differ never make it negative */
export function countAnswer(status: number, latencyMs: number): MetricValues {
  return { [classOf(status)]: 1, Latency: Math.max(0, latencyMs) }
}

function classOf(status: number): 'Answers2xx' | 'Answers401' | 'Answers4xx' | 'Answers5xx' {
  if (status === 401) return 'Answers401'
  if (status >= 500) return 'Answers5xx'
  return status >= 400 ? 'Answers4xx' : 'Answers2xx'
}
