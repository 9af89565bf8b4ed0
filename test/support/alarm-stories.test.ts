// The courses of time that alarms are tried on find the alarms that look too briefly.
import { describe, expect, it } from 'vitest'
import type { Datum } from '../../local/metrics/metric-log.ts'
import { deathsOf, everySo, firesIn, lasting, minuteMs } from './alarm-stories.ts'
import { type AlarmDefinition, alarmSchema } from './evaluate-alarm.ts'

const hours = 60 * minuteMs
const alarm = (Period: number, DatapointsToAlarm: number, EvaluationPeriods: number, more = {}): AlarmDefinition =>
  alarmSchema.parse({
    ...{ id: 'a', AlarmName: 'a', AlarmDescription: 'd', AlarmActions: ['topic'] },
    ...{ Namespace: 'N', MetricName: 'm', Statistic: 'Maximum', Threshold: 0 },
    ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
    ...{ Period, DatapointsToAlarm, EvaluationPeriods, ...more },
  })
const told = (value: number, lastsMs = 0): Datum[] => [
  { namespace: 'N', name: 'm', dimensions: {}, atMs: 0, toldAtMs: lastsMs, value },
]

describe('a call at night that takes a quarter of an hour', () => {
  const course = everySo(24 * hours, 1)
  it('is not seen by an alarm of five minutes', () =>
    expect(firesIn(alarm(60, 1, 5), course, told(1, 15 * minuteMs), [])).toBe(false))
  it('is seen by one of an hour', () =>
    expect(firesIn(alarm(3_600, 1, 1), course, told(1, 15 * minuteMs), [])).toBe(true))
})

describe('three deaths of a scheduled call, each by a timeout of a quarter of an hour', () => {
  const course = deathsOf({ by: 'schedule', everyMs: 24 * hours, timeoutMs: 15 * minuteMs }, 3, 'slow')
  it('are not seen by an alarm of a quarter of an hour', () =>
    expect(firesIn(alarm(900, 1, 1, { Statistic: 'Sum', Threshold: 2 }), course, told(1), [])).toBe(false))
  it('are seen by one of an hour', () =>
    expect(firesIn(alarm(3_600, 1, 1, { Statistic: 'Sum', Threshold: 2 }), course, told(1), [])).toBe(true))
})

describe('trouble that is told of every quarter of an hour', () => {
  const three = alarm(3_600, 3, 3, { TreatMissingData: 'breaching' })
  it('lasts long enough, or is over too soon', () => {
    const { enough, short } = lasting(three, 15 * minuteMs, told(1))
    expect(firesIn(three, enough, told(1), told(0))).toBe(true)
    expect(firesIn(three, short, told(1), told(0))).toBe(false)
  })
  it('may be silence', () => {
    const { enough, short } = lasting(three, 15 * minuteMs, [])
    expect(firesIn(three, enough, [], told(0))).toBe(true)
    expect(firesIn(three, short, [], told(0))).toBe(false)
  })
})
