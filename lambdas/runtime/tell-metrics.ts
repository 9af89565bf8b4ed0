// How functions tell metrics: one line on standard output, which costs no call and is lost only with the log itself. Small,
// because what serves a campaign carries it: decision 90.
import type { MetricValues } from '../../contract/metrics.ts'
import { describeMetrics } from '../domain/metrics/describe-metrics.ts'
import { type FunctionFacts, readFunctionFacts } from './environment.ts'

/** Tells metrics; `org` is whom they are about, when that is known and proven. Never throws. */
export type TellMetrics = (values: MetricValues, org?: string) => void

/** Where no function runs, in tests and commands, nothing is told. */
export function makeTellMetrics(
  facts: FunctionFacts | undefined = readFunctionFacts(),
  write: (line: string) => void = console.log,
): TellMetrics {
  if (facts === undefined) return () => undefined
  return (values, org) => {
    write(JSON.stringify(describeMetrics(facts, { ...values, MemoryUsed: memoryUsed(facts) }, Date.now(), org)))
  }
}

/** Resident memory of this process, in percent of what the function has. */
function memoryUsed({ memoryMb }: FunctionFacts): number {
  return Math.round((process.memoryUsage.rss() / 1_048_576 / memoryMb) * 100)
}
