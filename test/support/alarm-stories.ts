// Alarms over the course of time: what one breakage told, laid out as it would be told by functions that are called as the template
// says, and the alarm looked at in every minute of it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { Datum } from '../../local/metrics/metric-log.ts'
import { type AlarmDefinition, evaluateAt, lookAt, periodMsOf } from './evaluate-alarm.ts'

export const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** When trouble tells of itself, from its beginning on; `everyMs` later than the last all is well again. */
export interface Course {
  readonly everyMs: number
  readonly atMs: readonly number[]
  /** How long a call lasts until it can be told of; absent: as measured. */
  readonly lastsMs?: number
}

/** Whether the alarm is on in any minute of the course, with health before and after it. */
export function firesIn(alarm: AlarmDefinition, course: Course, trouble: readonly Datum[], health: readonly Datum[]) {
  const windowMs = alarm.EvaluationPeriods * periodMsOf(alarm)
  const lastMs = course.atMs.at(-1) ?? -course.everyMs
  const healthyAt: number[] = []
  for (let atMs = -course.everyMs; atMs > -windowMs - course.everyMs; atMs -= course.everyMs) healthyAt.push(atMs)
  for (let atMs = lastMs + course.everyMs; atMs <= lastMs + windowMs; atMs += course.everyMs) healthyAt.push(atMs)
  const data = [
    ...course.atMs.flatMap((atMs) => trouble.map((datum) => moved(datum, atMs, course.lastsMs))),
    ...healthyAt.flatMap((atMs) => health.map((datum) => moved(datum, atMs))),
  ].filter(({ name }) => namesIn(alarm).has(name))
  for (let nowMs = 0; nowMs < lastMs + windowMs; nowMs += minuteMs) {
    if (evaluateAt(alarm, data, nowMs) === 'ALARM') return true
  }
  return false
}

function moved(datum: Datum, atMs: number, lastsMs = datum.toldAtMs - datum.atMs): Datum {
  return { ...datum, atMs, toldAtMs: atMs + Math.max(0, lastsMs) }
}

function namesIn({ MetricName, Metrics }: AlarmDefinition): Set<string | undefined> {
  return new Set([MetricName, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric.MetricName)])
}

/** Trouble that is told of every so often, for just as long as the alarm asks for; and for just too short a time. */
export function lasting(
  alarm: AlarmDefinition,
  everyMs: number,
  trouble: readonly Datum[],
): Record<'enough' | 'short', Course> {
  const periodMs = periodMsOf(alarm)
  const asked = alarm.DatapointsToAlarm
  const timesIn = (periods: number) => (periods < 0 ? 0 : Math.floor((periods * periodMs) / everyMs) + 1)
  const isSilent = lookAt(alarm, trouble) === undefined
  const times = isSilent
    ? { enough: timesIn(asked), short: timesIn(asked - 1) - 1 }
    : everyMs >= periodMs
      ? { enough: asked, short: asked - 1 }
      : { enough: timesIn(asked - 1), short: timesIn(asked - 2) }
  return { enough: everySo(everyMs, times.enough), short: everySo(everyMs, times.short) }
}

export function everySo(everyMs: number, times: number): Course {
  return { everyMs, atMs: Array.from({ length: times }, (_, at) => at * everyMs) }
}

export interface Called {
  readonly by: 'schedule' | 'queue' | 'stream' | 'caller'
  /** Between calls; of a queue, until a message shows again; of a caller, as seldom as one calls who is not in a hurry. */
  readonly everyMs: number
  readonly timeoutMs: number
}

const resourceSchema = z.object({ Type: z.string(), Properties: z._default(z.record(z.string(), z.any()), {}) })
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) })

/** How each function is called, by its name in the template. */
export function readCalls(assembly: string, stack: string): Map<string, Called> {
  const { Resources } = templateSchema.parse(JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8')))
  const of = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type)
  const called = (name: string, timeoutMs: number): Called => {
    const source = of('AWS::Lambda::EventSourceMapping').find(([, one]) => one.Properties.FunctionName?.Ref === name)
    const queue = Resources[source?.[1].Properties.EventSourceArn?.['Fn::GetAtt']?.[0]]
    const rule = of('AWS::Events::Rule').find(([, one]) => one.Properties.Targets[0].Arn['Fn::GetAtt'][0] === name)
    if (queue?.Type === 'AWS::SQS::Queue') {
      return { by: 'queue', everyMs: queue.Properties.VisibilityTimeout * 1_000, timeoutMs }
    }
    if (source !== undefined) return { by: 'stream', everyMs: minuteMs, timeoutMs }
    if (rule === undefined) return { by: 'caller', everyMs: 5 * minuteMs, timeoutMs }
    return { by: 'schedule', everyMs: scheduleMs(rule[1].Properties.ScheduleExpression), timeoutMs }
  }
  const functions = of('AWS::Lambda::Function').filter(([, { Properties }]) => Properties.FunctionName !== undefined)
  return new Map(functions.map(([name, { Properties }]) => [name, called(name, Properties.Timeout * 1_000)]))
}

function scheduleMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? []
  return count === undefined ? 24 * hourMs : Number(count) * (unit === 'hour' ? hourMs : minuteMs)
}

/** Tries of one call that ends in death each time: at once, or by its timeout. */
export function deathsOf({ by, everyMs, timeoutMs }: Called, tries: number, kind: 'quick' | 'slow'): Course {
  const lastsMs = kind === 'quick' ? 0 : timeoutMs
  // Lambda waits a minute before it calls again what failed without a caller, and two before the last try.
  const retries = by === 'schedule' ? [0, lastsMs + minuteMs, 2 * lastsMs + 3 * minuteMs] : [0, everyMs, 2 * everyMs]
  return { everyMs, atMs: retries.slice(0, tries), lastsMs }
}
