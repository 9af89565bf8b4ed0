// Where a guardrail begins to bite: fewest sends and events, and how many copies share the errors allowed.
import { describe, expect, it } from 'vitest'
import { copyIdSchema } from '../../../contract/ids.ts'
import { type GuardrailCell, watchGuardrails } from '../../../lambdas/domain/allocation/watch-guardrails.ts'
import { countSums } from '../../../lambdas/domain/statistics/moments.ts'
import { sequentialLowerBound } from '../../../lambdas/domain/statistics/sequential.ts'
import { standardise, stratifiedDifference } from '../../../lambdas/domain/statistics/stratified.ts'

const watched = (id: string, sends: number, unsubscribed: number, spammed = 0, stratum = 'v0'): GuardrailCell => ({
  copyId: copyIdSchema.parse(id),
  stratum,
  treatment: { sends, unsubscribed, spammed },
  control: { sends: 100_000, unsubscribed: 10, spammed: 10 },
})
const stoppedOf = (...cells: GuardrailCell[]) =>
  watchGuardrails(cells).map(({ copyId, guardrail }) => [copyId, guardrail])

describe('a copy is stopped', () => {
  it('from 100 sends on, and not at 99', () => {
    expect(stoppedOf(watched('a', 100, 90))).toEqual([['a', 'unsubscribed']])
    expect(stoppedOf(watched('a', 99, 89))).toEqual([])
  })

  it('by the sum of its periods, and not by a handful of events', () => {
    expect(stoppedOf(watched('a', 60, 50), watched('a', 60, 50, 0, 'v1'))).toEqual([['a', 'unsubscribed']])
    expect(stoppedOf(watched('a', 1_000, 5), watched('b', 100, 5))).toEqual([])
  })

  it('once, by the first guardrail that it meets, in the order of the ids', () => {
    expect(stoppedOf(watched('b', 1_000, 2, 300), watched('a', 1_000, 300, 300))).toEqual([
      ['a', 'unsubscribed'],
      ['b', 'spammed'],
    ])
  })

  it('by a bound that all copies and both guardrails share', () => {
    const both = standardise([{ control: countSums(100_000, 10), treatment: countSums(1_000, 60) }])
    const difference = both === undefined ? 'no_data' : stratifiedDifference(both)
    if (typeof difference === 'string') throw new Error(difference)
    const [alone] = watchGuardrails([watched('a', 1_000, 60)])
    const [among] = watchGuardrails([watched('a', 1_000, 60), watched('b', 1_000, 0), watched('b', 1_000, 0, 0, 'v1')])
    expect(alone?.worseByAtLeast).toBeCloseTo(sequentialLowerBound(difference, 0.0125 / 2), 12)
    expect(among?.worseByAtLeast).toBeCloseTo(sequentialLowerBound(difference, 0.0125 / 4), 12)
    expect(alone).toMatchObject({ share: 0.06, controlShare: 0.0001 })
  })

  it('not while a small control can be without any by chance, however small its error seems', () => {
    const beside = (unsubscribed: number): GuardrailCell => ({
      ...watched('a', 20_000, unsubscribed),
      control: { sends: 2_000, unsubscribed: 0, spammed: 0 },
    })
    expect(stoppedOf(beside(40))).toEqual([])
    expect(stoppedOf(beside(100))).toEqual([['a', 'unsubscribed']])
  })

  it('never where it never met control, nor by a difference of nothing', () => {
    const alone = { ...watched('a', 1_000, 500), control: { sends: 0, unsubscribed: 0, spammed: 0 } }
    expect(watchGuardrails([alone])).toEqual([])
    const clean = { ...watched('a', 1_000, 0), control: { sends: 1_000, unsubscribed: 0, spammed: 0 } }
    expect(watchGuardrails([clean])).toEqual([])
  })

  it('never by control alone', () => {
    expect(watchGuardrails([])).toEqual([])
    expect(
      stoppedOf({ ...watched('a', 1_000, 0), control: { sends: 1_000, unsubscribed: 500, spammed: 500 } }),
    ).toEqual([])
  })
})
