// Each warning at its edge, and what it says.
import { describe, expect, it } from 'vitest'
import { compareArms } from '../../../lambdas/domain/results/compare-arms.ts'
import { type WarningQuestion, warnOfFewValues, warnReaders } from '../../../lambdas/domain/results/warn-readers.ts'
import { countSums } from '../../../lambdas/domain/statistics/moments.ts'

const cellOf = (successes: number) => ({
  day: '2026-11-01',
  arm: 'treatment' as const,
  copyId: 'a',
  stratum: 'v0',
  sums: countSums(1_000, successes),
})
const quiet: WarningQuestion = {
  metric: 'clicked',
  keyMetric: 'clicked',
  splitMode: 'random',
  comparisons: [],
  all: [cellOf(100)],
  human: [cellOf(100)],
  startedOn: undefined,
  sends: 1_000,
  unknownCopy: 0,
}
const warned = (change: Partial<WarningQuestion>) => warnReaders({ ...quiet, ...change })

describe('a reader is warned', () => {
  it('of nothing where nothing is wrong, nor where nothing happened', () => {
    expect(warned({})).toEqual([])
    expect(warned({ all: [cellOf(0)], human: [cellOf(0)] })).toEqual([])
    expect(warned({ all: [], human: [], sends: 0 })).toEqual([])
  })

  it('of days that are a part, and says since when the test runs', () => {
    const [warning, ...others] = warned({ startedOn: '2026-10-30' })
    expect(warning?.code).toBe('part_of_days')
    expect(warning?.message).toContain('which began on 2026-10-30')
    expect(others).toEqual([])
  })

  it('of another metric, by both names', () => {
    const [warning] = warned({ keyMetric: 'converted' })
    expect(warning?.message).toMatch(/^This is clicked; the test is about converted\./)
  })

  it('of machines above a tenth of what was clicked, and not at it', () => {
    expect(warned({ human: [cellOf(90)] })).toEqual([])
    expect(warned({ human: [cellOf(89)] }).map(({ code }) => code)).toEqual(['machines'])
    expect(warned({ human: [cellOf(89)] })[0]?.message).toMatch(/^11\.0 % of the sends that were clicked/)
  })

  it('of sends whose copy nobody knows above one of twenty, and not at it', () => {
    expect(warned({ unknownCopy: 50 })).toEqual([])
    expect(warned({ unknownCopy: 51 }).map(({ code }) => code)).toEqual(['unknown_copy'])
  })

  it('of no reading that parts from a lift that there is not', () => {
    const cell = (copyId: string, n: number, successes: number) => ({
      copyId,
      stratum: 'v0',
      inverseChance: 1,
      sums: countSums(n, successes),
    })
    const comparisons = compareArms({ control: [cell('', 100, 0)], treatment: [cell('a', 100, 5)] })
    expect(warned({ comparisons: comparisons.map((one) => ({ ...one, parted: ['pooled'] })) })).toEqual([])
  })
})

describe('a reader of money is warned', () => {
  const earned = (copyId: string, values: readonly number[]) => ({
    copyId,
    sums: {
      n: 1_000,
      sum: values.reduce((sum, value) => sum + value, 0),
      sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
    },
  })
  const alike = (many: number) => Array.from({ length: many }, () => 20)

  it('of each copy whose mean a few values make, in the order of their ids, the days of one put together', () => {
    const arms = [
      earned('c', alike(9)),
      earned('b', alike(30)),
      earned('', [1, 900]),
      earned('a', alike(9)),
      earned('c', []),
    ]
    expect(warnOfFewValues(arms, 'EUR').map(({ code, copyId }) => [code, copyId])).toEqual([
      ['few_values', undefined],
      ['few_values', 'a'],
      ['few_values', 'c'],
    ])
    expect(warnOfFewValues([earned('a', alike(5)), earned('a', alike(5))], 'EUR')).toEqual([])
  })

  it('of none that earned nothing, of which nothing can be said', () => {
    expect(warnOfFewValues([earned('a', [])], 'EUR')).toEqual([])
  })
})
