// Evaluates an alarm's own definition, as the template has it, on what was measured: statistics, metric math, how many periods
// of how many, and what silence says. A reading of CloudWatch's documentation, held to its examples by a test.
import * as z from 'zod/mini'
import type { Datum } from '../../local/metrics/metric-log.ts'
import { evaluateMath } from './metric-math.ts'

const dimensions = z._default(z.array(z.object({ Name: z.string(), Value: z.string() })), [])
const metricSchema = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions })

export const alarmSchema = z.object({
  id: z.string(),
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()).check(z.minLength(1)),
  Namespace: z.optional(z.string()),
  MetricName: z.optional(z.string()),
  Dimensions: dimensions,
  Period: z.optional(z.number()),
  Statistic: z.optional(z.string()),
  ExtendedStatistic: z.optional(z.string()),
  Metrics: z._default(
    z.array(
      z.object({
        Id: z.string(),
        Expression: z.optional(z.string()),
        MetricStat: z.optional(z.object({ Metric: metricSchema, Period: z.number(), Stat: z.string() })),
        ReturnData: z._default(z.boolean(), true),
      }),
    ),
    [],
  ),
  Threshold: z.number(),
  ComparisonOperator: z.literal('GreaterThanThreshold'),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  TreatMissingData: z.enum(['breaching', 'notBreaching']),
})
export type AlarmDefinition = z.infer<typeof alarmSchema>

/** `periods`: what was measured in each period, the latest last; periods before the first had no data. */
export function evaluateAlarm(alarm: AlarmDefinition, periods: readonly (readonly Datum[])[]): 'ALARM' | 'OK' {
  const looked = Array.from({ length: alarm.EvaluationPeriods }, (_, back) => periods.at(-1 - back) ?? [])
  const breaching = looked.filter((data) => {
    const value = lookAt(alarm, data)
    return value === undefined ? alarm.TreatMissingData === 'breaching' : value > alarm.Threshold
  })
  return breaching.length >= alarm.DatapointsToAlarm ? 'ALARM' : 'OK'
}

/** The length of the alarm's period. @throws when its metrics have several, or none */
export function periodMsOf({ AlarmName, Period, Metrics }: AlarmDefinition): number {
  const seconds = new Set(
    [Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period)].filter((one) => one !== undefined),
  )
  const [only] = seconds
  if (only === undefined || seconds.size > 1) throw new Error(`${AlarmName} has ${seconds.size} periods`)
  return only * 1_000
}

/** The alarm at one moment: its window slides, and knows only what had been told by then. */
export function evaluateAt(alarm: AlarmDefinition, data: readonly Datum[], nowMs: number): 'ALARM' | 'OK' {
  const periodMs = periodMsOf(alarm)
  const periods: Datum[][] = Array.from({ length: alarm.EvaluationPeriods }, () => [])
  for (const datum of data) {
    const back = Math.floor((nowMs - datum.atMs) / periodMs)
    if (datum.toldAtMs <= nowMs) periods.at(-1 - back)?.push(datum)
  }
  return evaluateAlarm(alarm, periods)
}

/** What the alarm looks at, of one period; undefined without data. */
export function lookAt(alarm: AlarmDefinition, data: readonly Datum[]): number | undefined {
  if (alarm.Metrics.length === 0) {
    const metric = {
      Namespace: alarm.Namespace ?? '',
      MetricName: alarm.MetricName ?? '',
      Dimensions: alarm.Dimensions,
    }
    const stat = alarm.ExtendedStatistic ?? alarm.Statistic ?? ''
    return statistic(stat, matching(data, metric))
  }
  const values = new Map(
    alarm.Metrics.flatMap(({ Id, MetricStat }) =>
      MetricStat === undefined ? [] : [[Id, statistic(MetricStat.Stat, matching(data, MetricStat.Metric))] as const],
    ),
  )
  const returned = alarm.Metrics.find(({ ReturnData }) => ReturnData)
  if (returned === undefined) throw new Error(`${alarm.AlarmName} looks at nothing`)
  return returned.Expression === undefined ? values.get(returned.Id) : evaluateMath(returned.Expression, values)
}

/** A series is what has exactly these dimensions. */
function matching(
  data: readonly Datum[],
  { Namespace, MetricName, Dimensions }: z.infer<typeof metricSchema>,
): number[] {
  const wanted = JSON.stringify(Dimensions.map(({ Name, Value }) => [Name, Value]).toSorted())
  return data
    .filter(({ namespace, name }) => namespace === Namespace && name === MetricName)
    .filter((datum) => JSON.stringify(Object.entries(datum.dimensions).toSorted()) === wanted)
    .map(({ value }) => value)
}

function statistic(name: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1]
  if (percentile !== undefined) return sorted[Math.max(0, Math.ceil((Number(percentile) / 100) * sorted.length) - 1)]
  if (name === 'Maximum') return sorted.at(-1)
  if (name === 'Sum') return values.reduce((sum, value) => sum + value, 0)
  throw new Error(`no statistic ${name}`)
}
