// How alarms are evaluated in tests, by cases that CloudWatch documents: "Evaluating an alarm", "Using metric math".
import { describe, expect, it } from 'vitest'
import type { Datum } from '../../local/metrics/metric-log.ts'
import { type AlarmDefinition, alarmSchema, evaluateAlarm } from './evaluate-alarm.ts'
import { evaluateMath } from './metric-math.ts'

const alarm = (more: object): AlarmDefinition =>
  alarmSchema.parse({
    id: 'a',
    AlarmName: 'a',
    AlarmDescription: 'd',
    AlarmActions: ['topic'],
    Namespace: 'N',
    MetricName: 'm',
    Dimensions: [{ Name: 'Stage', Value: 'dev' }],
    Statistic: 'Maximum',
    Threshold: 3,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 5,
    DatapointsToAlarm: 3,
    TreatMissingData: 'notBreaching',
    ...more,
  })
const of = (...values: number[]): Datum[] =>
  values.map((value) => ({ namespace: 'N', name: 'm', dimensions: { Stage: 'dev' }, atMs: 0, toldAtMs: 0, value }))

describe('an alarm of three periods out of five', () => {
  it.each([
    ['fires when the last three are above', [of(0), of(0), of(4), of(4), of(4)], 'ALARM'],
    ['fires when any three of them are', [of(4), of(0), of(4), of(0), of(4)], 'ALARM'],
    ['does not fire for two', [of(4), of(0), of(4), of(0), of(0)], 'OK'],
    ['does not look further back', [of(4), of(4), of(4), of(0), of(0), of(4), of(0), of(0)], 'OK'],
    ['takes a value at the threshold for quiet', [of(3), of(3), of(3), of(3), of(3)], 'OK'],
    ['takes silence as it is told', [of(4), of(4), [], [], []], 'OK'],
  ] as const)('%s', (_, periods, state) => expect(evaluateAlarm(alarm({}), periods)).toBe(state))

  it('fires on silence where that is alarming', () =>
    expect(evaluateAlarm(alarm({ TreatMissingData: 'breaching' }), [of(0), of(0)])).toBe('ALARM'))

  it('looks at no other series', () => {
    const elsewhere = of(9, 9).map((datum) => ({ ...datum, dimensions: { Stage: 'dev', Org: 'acme' } }))
    expect(evaluateAlarm(alarm({}), Array(5).fill(elsewhere))).toBe('OK')
  })

  it('knows percentiles and sums', () => {
    const values = of(...Array.from({ length: 200 }, (_, at) => at))
    expect(
      evaluateAlarm(alarm({ Statistic: undefined, ExtendedStatistic: 'p99', Threshold: 196 }), Array(5).fill(values)),
    ).toBe('ALARM')
    expect(
      evaluateAlarm(alarm({ Statistic: undefined, ExtendedStatistic: 'p99', Threshold: 197 }), Array(5).fill(values)),
    ).toBe('OK')
    expect(evaluateAlarm(alarm({ Statistic: 'Sum', Threshold: 5 }), Array(5).fill(of(3, 3)))).toBe('ALARM')
  })
})

describe('metric math', () => {
  const values = new Map<string, number | undefined>([
    ['a', 2],
    ['b', 8],
    ['gone', undefined],
  ])
  it.each([
    ['a + b * 2', 18],
    ['(a + b) / 5', 2],
    ['FILL(gone, 0) + a', 2],
    ['gone + a', undefined],
    ['IF(a >= 2, 100 * a / b, 0)', 25],
    ['IF(a > 2, 1, 0)', 0],
  ])('%s is %d', (expression, value) => expect(evaluateMath(expression, values)).toBe(value))
  it.each(['a +', 'RATE(a)', 'c', 'a b', 'a % b'])('refuses %s', (expression) =>
    expect(() => evaluateMath(expression, values)).toThrow('metric math'),
  )
})
