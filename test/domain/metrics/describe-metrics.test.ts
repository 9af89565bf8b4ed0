// Metrics as CloudWatch reads them, held to AWS's own library, whose weight the hot paths do not bear (decision 90).
import { Metrics } from '@aws-lambda-powertools/metrics'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  type MetricName,
  type MetricScope,
  metricDimensions,
  metricNamespace,
  metrics,
} from '../../../contract/metrics.ts'
import { countAnswer } from '../../../lambdas/domain/metrics/count-answer.ts'
import { describeMetrics } from '../../../lambdas/domain/metrics/describe-metrics.ts'
import { makeTellMetrics } from '../../../lambdas/runtime/tell-metrics.ts'

const source = { stage: 'prod', functionName: 'justai-prod-GenerateCopy' }
const names = Object.keys(metrics) as MetricName[]

/** The record that Powertools writes of some values, all of one scope. */
function powertools(scope: MetricScope, values: Partial<Record<MetricName, number>>, org: string, atMs: number) {
  const dimensions = { Stage: source.stage, FunctionName: source.functionName, Org: org }
  const theirs = new Metrics({ namespace: metricNamespace })
  theirs.setTimestamp(atMs)
  theirs.setDefaultDimensions(Object.fromEntries(metricDimensions[scope].map((name) => [name, dimensions[name]])))
  for (const [name, value] of Object.entries(values)) theirs.addMetric(name, metrics[name as MetricName].unit, value)
  return theirs.serializeMetrics()
}

describe('the record of some metrics', () => {
  it('says of each scope what Powertools would say', () => {
    const seed = Date.now()
    console.log(`seed ${seed}`)
    const anyValues = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: -5, max: 1e9 }), { minKeys: 1 })
    const atMs = seed
    fc.assert(
      fc.property(anyValues, (values) => {
        const { _aws, ...told } = describeMetrics(source, values, atMs, 'acme') as never as Record<string, unknown> & {
          _aws: { Timestamp: number; CloudWatchMetrics: { Dimensions: string[][] }[] }
        }
        const byScope = Map.groupBy(Object.keys(values) as MetricName[], (name) => metrics[name].scope)
        expect(_aws.CloudWatchMetrics).toHaveLength(byScope.size)
        for (const [at, [scope, members]] of [...byScope].entries()) {
          const theirs = powertools(
            scope,
            Object.fromEntries(members.map((name) => [name, values[name]])),
            'acme',
            atMs,
          )
          const { _aws: of, ...rest } = theirs as never as {
            _aws: { CloudWatchMetrics: { Dimensions: string[][] }[] }
          }
          const [directive] = of.CloudWatchMetrics
          // Powertools adds the name of its service, which we have as FunctionName; the order says nothing.
          const ours = (all: string[]) => all.filter((each) => each !== 'service').toSorted()
          const sorted = (one: typeof directive) => ({ ...one, Dimensions: one?.Dimensions.map(ours) })
          expect(sorted(_aws.CloudWatchMetrics[at])).toEqual(sorted(directive))
          const { service: _service, ...facts } = rest as Record<string, unknown>
          expect(told).toMatchObject(facts)
        }
        expect(_aws.Timestamp).toBe(atMs)
      }),
      { seed, numRuns: 200 },
    )
  })

  it('names an org only as a property, but where a metric is kept apart by it', () => {
    const record = describeMetrics(source, { Accepted: 1 }, 0, 'acme')
    expect(record).toMatchObject({ Org: 'acme', _aws: { CloudWatchMetrics: [{ Dimensions: [['Stage']] }] } })
  })

  it('is below half a kilobyte for an answer of the webhook: a million of them are a few hundred megabytes of log', () => {
    const values = { ...countAnswer(200, 12), Accepted: 1, MemoryUsed: 9 }
    const line = JSON.stringify(describeMetrics(source, values, 1_764_000_000_000, 'acme'))
    expect(Buffer.byteLength(line)).toBeLessThan(512)
  })
})

describe('an answer', () => {
  it.each([
    [200, 'Answers2xx'],
    [401, 'Answers401'],
    [422, 'Answers4xx'],
    [503, 'Answers5xx'],
  ])('%i counts as %s', (status, name) => expect(countAnswer(status, 3)).toEqual({ [name]: 1, Latency: 3 }))

  it('takes no less than no time, whatever the clocks say', () => {
    expect(countAnswer(200, -4)).toMatchObject({ Latency: 0 })
  })
})

describe('telling', () => {
  it('writes one line with the memory that the process has', () => {
    const write = vi.fn()
    makeTellMetrics({ ...source, memoryMb: 1_000_000 }, write)({ Accepted: 2 }, 'acme')
    expect(write).toHaveBeenCalledOnce()
    expect(JSON.parse(write.mock.calls[0]?.[0])).toMatchObject({
      Accepted: 2,
      MemoryUsed: 0,
      Stage: 'prod',
      Org: 'acme',
    })
  })

  it('writes nothing where no function runs', () => {
    const log = vi.spyOn(console, 'log')
    makeTellMetrics()({ Accepted: 1 })
    expect(log).not.toHaveBeenCalled()
    log.mockRestore()
  })
})
